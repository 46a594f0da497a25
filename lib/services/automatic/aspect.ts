import { AspectPriority, Aspects, CfnResource, type IAspect, Stage } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { isOptedOut } from '../opt-out';
import { type ResourceJson, resourceJson, targetsIn, textIn, valuesAt } from '../references';
import type { ServiceAccess } from '../service-access';
import { type Source, sourceFrom } from '../sources';
import { keysIn, keysThatEncrypt } from './encrypted';
import { AUTOMATIC_RULES, type AutomaticRule } from './rules';
import { distribution, scalingGroup } from './special';

/** The rules by resource type: one look at each resource, whatever the number of rules. */
const RULES = rulesByType();

function rulesByType(): Map<string, AutomaticRule[]> {
  const byType = new Map<string, AutomaticRule[]>();
  for (const rule of AUTOMATIC_RULES) {
    byType.set(rule.type, [...(byType.get(rule.type) ?? []), rule]);
  }
  return byType;
}

const SPECIAL = new Set(['AWS::AutoScaling::AutoScalingGroup', 'AWS::CloudFront::Distribution']);

/** Writes the statements that resources need, into the policies of the keys that they were given. */
class AutomaticServiceAccess implements IAspect {
  public visit(node: IConstruct): void {
    if (!CfnResource.isCfnResource(node)) {
      return;
    }
    const rules = RULES.get(node.cfnResourceType) ?? [];
    const special = SPECIAL.has(node.cfnResourceType);
    if (rules.length === 0 && !special) {
      return;
    }
    const json = resourceJson(node);
    const optedOut = isOptedOut(node);
    for (const rule of rules) {
      apply(rule, node, json, optedOut);
    }
    if (special && !optedOut) {
      node.cfnResourceType === 'AWS::CloudFront::Distribution' ? distribution(node, json) : scalingGroup(json);
    }
  }
}

function apply(rule: AutomaticRule, resource: CfnResource, json: ResourceJson, optedOut: boolean): void {
  if (rule.needs !== undefined && valuesAt(json.properties, rule.needs).length === 0) {
    return;
  }
  for (const access of keysOf(rule, json).filter(({ host }) => host.automatic)) {
    if (optedOut) {
      access.leaveAlone(rule.use);
    } else if (rule.use !== 'serverAccessLogs' || access.has('serverAccessLogs')) {
      access.allow(rule.use, ...sourcesOf(rule, resource, json));
    }
  }
}

function keysOf({ key = [], through = [], kind }: AutomaticRule, json: ResourceJson): readonly ServiceAccess[] {
  const targets = (paths: readonly string[]) =>
    paths.flatMap((path) => targetsIn(valuesAt(json.properties, path), json));
  return [...keysIn(targets(key)), ...keysThatEncrypt(targets(through), kind)];
}

function sourcesOf({ source }: AutomaticRule, resource: CfnResource, json: ResourceJson): readonly Source[] {
  if (source === 'account') {
    return [];
  }
  if (source === 'self') {
    return [sourceFrom(resource)];
  }
  const value = textIn(valuesAt(json.properties, source.path)[0], json);
  return value === undefined ? [] : [{ value, named: source.named, scope: resource }];
}

const LOOKED_AFTER = new WeakSet<IConstruct>();

/** Looks at everything in the Stage of a key when it is synthesized. Aspects do not cross Stages, nor do references. */
export function lookAfter(key: IConstruct): void {
  const stage = Stage.of(key) ?? key.node.root;
  if (!LOOKED_AFTER.has(stage)) {
    LOOKED_AFTER.add(stage);
    Aspects.of(stage).add(new AutomaticServiceAccess(), { priority: AspectPriority.MUTATING });
  }
}
