import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Annotations, AspectPriority, Aspects, attachCustomSynthesis, type IAspect } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct, type IConstruct } from 'constructs';
import { rangeProblems } from '../keys/key-problems';
import { KEY_LIMITS } from '../keys/limits';
import { problems } from '../private/rules';
import { requireShape } from '../private/shape';
import { addInjectors, policyOf } from './injectors';
import type { KeyDefaultChange } from './key-default-change';
import { KEY_DEFAULTS, type KeyDefaultsProps } from './key-defaults-props';
import { addRoles } from './roles-of-organization';

/**
 * Defaults of an organization for the keys and aliases that aws-cdk-lib makes, also within constructs of others: every
 * `kms.Key` and `kms.Alias` below the scope, whoever writes `new` for it.
 *
 * What the author of a key has said stays. Every change is an information at the key in the output of synthesis, an
 * entry of `report()`, and a line of the file `keysmith-key-defaults.<path>.json` in the cloud assembly. Make it first:
 * it changes what is made after it, and warns of what was there already and of what another property injector took
 * over. Keys of this library have these defaults by themselves, and L1 `CfnKey`s are left alone.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/blueprints.html
 */
export class KeyDefaults extends Construct {
  private readonly changes: KeyDefaultChange[] = [];

  /** @throws for a property of another type */
  constructor(scope: Construct, id: string, props: KeyDefaultsProps = {}) {
    super(scope, id);
    requireShape(this.node.path, props, KEY_DEFAULTS);
    const heard = (path: string, property: string, to: string) => {
      this.changes.push({ path, property, before: property === 'policy' ? 'as written' : 'not set', after: to });
    };
    const before = new Set(scope.node.findAll().filter((each) => each instanceof kms.Key));
    this.node.addValidation({ validate: () => propsProblems(props) });
    const reached = new Set<string>();
    addInjectors(scope, props, heard, (path) => reached.add(path));
    // After what changes keys and their removal policies, and before what only reads.
    const priority = (AspectPriority.DEFAULT + AspectPriority.READONLY) / 2;
    Aspects.of(scope).add(new Finishing(props, this.changes, before, reached, heard), { priority });
    attachCustomSynthesis(this, { onSynthesize: ({ outdir }) => this.writeReport(outdir) });
  }

  /** What was changed so far, by construct and property. Statements are added when the application is synthesized. */
  public report(): KeyDefaultChange[] {
    return [...this.changes];
  }

  private writeReport(outdir: string): void {
    const name = `keysmith-key-defaults.${fileNameOf(this)}.json`;
    writeFileSync(join(outdir, name), `${JSON.stringify({ changes: this.changes }, undefined, 2)}\n`);
  }
}

/** The path as it can stand in a name of a file: with an end that tells apart what looks the same, or was cut. */
function fileNameOf({ node: { path, addr } }: IConstruct): string {
  return /^[\w-]{1,100}$/.test(path) ? path : `${path.replaceAll(/[^\w-]+/g, '-').slice(0, 100)}.${addr.slice(-8)}`;
}

/** Adds what takes the finished key, and says at each construct what was changed there. */
class Finishing implements IAspect {
  private readonly finished = new Set<IConstruct>();

  constructor(
    private readonly defaults: KeyDefaultsProps,
    private readonly changes: KeyDefaultChange[],
    private readonly before: ReadonlySet<IConstruct>,
    private readonly reached: ReadonlySet<string>,
    private readonly heard: (path: string, property: string, to: string) => void,
  ) {}

  public visit(node: IConstruct): void {
    if (!(node instanceof kms.Key || node instanceof kms.Alias) || this.finished.has(node)) {
      return;
    }
    this.finished.add(node);
    if (node instanceof kms.Key) {
      addRoles(node, this.defaults, this.heard);
    } else {
      this.followKey(node);
    }
    if (this.before.has(node)) {
      Annotations.of(node).addWarningV2(
        'cdk-keysmith:keyDefaultsTooLate',
        'it was made before KeyDefaults, which then changes its key policy only; make KeyDefaults first, right after the application',
      );
    } else if (node instanceof kms.Key && !this.reached.has(node.node.path)) {
      Annotations.of(node).addWarningV2(
        'cdk-keysmith:keyDefaultsPassedBy',
        'another property injector for kms.Key took the place of the one of KeyDefaults, which then changes its key policy only: aws-cdk-lib asks the nearest scope that has one, and of one scope the last; add yours to the scope of KeyDefaults before KeyDefaults is made',
      );
    }
    const here = this.changes.filter(({ path }) => path === node.node.path);
    if (here.length > 0) {
      const text = here.map(({ property, before, after }) => `${property}: ${before} → ${after}`).join('; ');
      Annotations.of(node).addInfoV2('cdk-keysmith:keyDefaults', `defaults of the organization: ${text}`);
    }
  }

  /** What becomes of a key can be said after its alias was made: an alias that was given the one is given the other. */
  private followKey(alias: kms.Alias): void {
    const { path } = alias.node;
    const at = this.changes.findIndex((change) => change.path === path && change.property === 'removalPolicy');
    const change = this.changes[at];
    const ofKey = policyOf(alias.aliasTargetKey);
    if (change !== undefined && ofKey !== undefined && policyOf(alias) === change.after && ofKey !== change.after) {
      alias.applyRemovalPolicy(ofKey);
      this.changes[at] = { ...change, after: ofKey };
    }
  }
}

function propsProblems(props: KeyDefaultsProps): string[] {
  return [
    ...rangeProblems('rotationPeriod', props.rotationPeriod, KEY_LIMITS.rotationPeriod),
    ...rangeProblems('pendingWindow', props.pendingWindow, KEY_LIMITS.pendingWindow),
    ...problems([
      {
        when: props.enableKeyRotation === false && props.rotationPeriod !== undefined,
        message: 'rotationPeriod is given although enableKeyRotation is false; leave one of them out',
      },
    ]),
  ];
}
