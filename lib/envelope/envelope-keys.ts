import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { knownKey } from '../keys/declared-keys';
import type { IEncryptionKey } from '../keys/i-encryption-key';
import { problems } from '../private/rules';
import { generationsOf } from '../rotation/generation-set';
import type { EnvelopeProps } from './envelope-props';

/** The keys of an envelope: one, or generations of them. */
export interface EnvelopeKeys {
  /** The one that data keys are wrapped under. */
  readonly wrap: IEncryptionKey;
  /** Those whose data keys can be unwrapped, `wrap` first. */
  readonly unwrap: readonly kms.IKey[];
  /** Which of the actions each key takes part in. */
  readonly permissions: (actions: readonly string[]) => readonly KeyPermission[];
}

/** Actions on one of the keys. */
export interface KeyPermission {
  readonly key: kms.IKey;
  readonly actions: readonly string[];
}

/** @throws unless exactly one of `key` and `generations` is given */
export function envelopeKeys(scope: Construct, { key, generations }: EnvelopeProps): EnvelopeKeys {
  const wrap = key ?? generations?.current;
  if (wrap === undefined || (key !== undefined && generations !== undefined)) {
    throw new Error(`${scope.node.path}: give exactly one of key and generations`);
  }
  const { active, live }: { active: readonly kms.IKey[]; live: readonly kms.IKey[] } =
    generations === undefined ? { active: [wrap], live: [wrap] } : generationsOf(generations);
  return {
    wrap,
    unwrap: live,
    permissions: (actions) =>
      live
        .map((one) => ({
          key: one,
          // Only what is active makes data keys; whatever is not retired opens.
          actions: actions.filter((action) => action !== 'kms:GenerateDataKey' || active.includes(one)),
        }))
        .filter((one) => one.actions.length > 0),
  };
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
