import {
  type Assembly,
  type Binding,
  bindValue,
  type StackModel,
  type Unresolved,
  type Value,
} from '@cdk-keysmith/access';
import { partitionOf } from '../state/arn.ts';
import { stableKeyId, stableName, stableResourceId, stableUuid } from './ids.ts';
import { RESOURCE_NAMES } from './resource-names.ts';

/** Account and Region of stacks that leave them open. */
export interface Environment {
  readonly account: string;
  readonly region: string;
}

/**
 * What deployment would put in the place of everything that a template leaves open: stand-ins that are the same at every
 * start. What no stand-in can be right for (parameters, dynamic references, custom resources) stays unknown.
 */
export function bindingOf(assembly: Assembly, defaults: Environment): Binding {
  const stacks = new Map(assembly.stacks.map((stack) => [stack.name, stack]));
  const multiRegion = new Map(assembly.keys.map((key) => [`${key.stack}\n${key.logicalId}`, key.multiRegion]));
  const environments = new Map<string, Environment>();

  function environmentIn(stack: string): Environment {
    const known = environments.get(stack);
    if (known !== undefined) return known;
    // While it is found out the defaults hold: an environment that hinges on itself is an open one.
    environments.set(stack, defaults);
    const found = environmentOf(stacks.get(stack), defaults, bind);
    environments.set(stack, found);
    return found;
  }

  function bind(part: Unresolved): string | undefined {
    switch (part.kind) {
      case 'pseudo':
        return pseudo(part.name, part.stack, environmentIn(part.stack));
      case 'attribute': {
        const environment = environmentIn(part.stack);
        if (part.resourceType === 'AWS::KMS::Key') {
          const isMultiRegion = multiRegion.get(`${part.stack}\n${part.logicalId}`) ?? false;
          return part.attribute === 'Ref' ? stableKeyId({ ...environment, ...part }, isMultiRegion) : undefined;
        }
        return attribute(part, environment);
      }
      case 'parameter':
      case 'dynamic':
      case 'choice':
      case 'unknown':
        return undefined;
    }
  }
  return bind;
}

function environmentOf(stack: StackModel | undefined, defaults: Environment, binding: Binding): Environment {
  const bound = (value: Value | undefined) => (value === undefined ? undefined : known(bindValue(value, binding)));
  return {
    account: bound(stack?.account) ?? defaults.account,
    region: bound(stack?.region) ?? defaults.region,
  };
}

/** The string, where nothing in it is unknown. */
export function known(value: Value): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
function pseudo(name: string, stack: string, { account, region }: Environment): string | undefined {
  const partition = partitionOf(region);
  switch (name) {
    case 'AWS::AccountId':
      return account;
    case 'AWS::Region':
      return region;
    case 'AWS::Partition':
      return partition;
    case 'AWS::URLSuffix':
      return suffixOf(region);
    case 'AWS::StackName':
      return stableName(stack, '').replace(/-$/, '');
    case 'AWS::StackId': {
      const id = stableUuid(account, region, stack, 'AWS::StackId');
      return `arn:${partition}:cloudformation:${region}:${account}:stack/${stableName(stack, '').replace(/-$/, '')}/${id}`;
    }
    default:
      return undefined;
  }
}

function attribute(
  { stack, logicalId, attribute, resourceType = '' }: Extract<Unresolved, { kind: 'attribute' }>,
  { account, region }: Environment,
): string | undefined {
  const shapes = Object.hasOwn(RESOURCE_NAMES, resourceType) ? RESOURCE_NAMES[resourceType] : undefined;
  const shape = shapes !== undefined && Object.hasOwn(shapes, attribute) ? shapes[attribute] : undefined;
  if (shape === undefined) return undefined;
  const name = stableName(stack, logicalId);
  const parts: Readonly<Record<string, string>> = {
    name,
    lower: name.toLowerCase(),
    account,
    region,
    partition: partitionOf(region),
    suffix: suffixOf(region),
    id: stableResourceId(account, region, stack, logicalId),
  };
  return shape.replace(/\{(\w+)\}/g, (_, part: string) => parts[part] ?? '');
}

function suffixOf(region: string): string {
  return partitionOf(region) === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
}
