import { Stack } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct, IConstruct } from 'constructs';
import { knownKey } from '../keys/declared-keys';
import type { IEncryptionKey } from '../keys/i-encryption-key';
import { problems } from '../private/rules';
import { generationsOf } from '../rotation/generation-set';
import type { KeyPart } from './contract';
import type { EnvelopeProps } from './envelope-props';

/** The keys of an envelope: one, or generations of them. */
export interface EnvelopeKeys {
  /** The one that data keys are wrapped under. */
  readonly wrap: IEncryptionKey;
  /** Those whose data keys can be unwrapped, `wrap` first, each in its own Region alone. */
  readonly unwrap: readonly kms.IKey[];
  /** What is needed of each key in the Region of a construct, with the replicas of each: in the order of its list. */
  readonly neededIn: (place: IConstruct) => readonly NeededKey[];
}

/** A key, and what it is needed for. */
export interface NeededKey {
  readonly key: kms.IKey;
  /** ARN in the value of a function: it does not make the function wait for a replica. */
  readonly arn: string;
  readonly part: KeyPart;
  /** Whether data keys are wrapped under it now; a generation that comes next has the permission before. */
  readonly current: boolean;
}

/** @throws unless exactly one of `key` and `generations` is given */
export function envelopeKeys(scope: Construct, props: EnvelopeProps): EnvelopeKeys {
  const { key, generations, wrapInEveryRegion = true } = props;
  const wrap = key ?? generations?.current;
  if (wrap === undefined || (key !== undefined && generations !== undefined)) {
    throw new Error(`${scope.node.path}: give exactly one of key and generations`);
  }
  const { active, live }: { active: readonly kms.IKey[]; live: readonly kms.IKey[] } =
    generations === undefined ? { active: [wrap], live: [wrap] } : generationsOf(generations);
  return {
    wrap,
    unwrap: live,
    neededIn: (place) =>
      live.flatMap((one) =>
        nearestFirst(place, one).map((related, index) => ({
          key: related,
          arn: knownKey(related)?.grantArn ?? related.keyArn,
          // Only what is active makes data keys; whatever is not retired opens.
          part: active.includes(one) ? partOf(index, wrapInEveryRegion) : 'unwraps',
          current: one === wrap,
        })),
      ),
  };
}

/** A key and its replicas: the one of the Region of a construct first, or the primary key where its Region has none. */
function nearestFirst(place: IConstruct, key: kms.IKey): kms.IKey[] {
  const related = [key, ...(knownKey(key)?.replicas ?? [])];
  const { region } = Stack.of(place);
  const near = related.find((one) => one.env.region === region) ?? key;
  return [near, ...related.filter((one) => one !== near)];
}

function partOf(index: number, wrapInEveryRegion: boolean): KeyPart {
  if (index === 0) {
    return 'generates';
  }
  return wrapInEveryRegion ? 'wraps' : 'unwraps';
}

/** What is wrong with the keys. */
export function envelopeKeyProblems({ unwrap }: EnvelopeKeys): string[] {
  return unwrap.flatMap((key) =>
    problems([
      {
        when: knownKey(key)?.aliasName !== undefined,
        message: `key ${key.node.path} is imported by its alias, and messages name the ARN of the key; import it by ARN or fromLookup`,
      },
    ]),
  );
}
