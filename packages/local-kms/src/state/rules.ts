import { faults } from '../wire/texts.ts';
import type { Key, KeyState } from './key.ts';

/**
 * In which key states an operation works, one row per group of operations of the published table. A state that a row
 * does not name is fine.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
 */
export const STATE_RULES = {
  /** All that uses the material of a key, GetPublicKey and RotateKeyOnDemand among it. */
  cryptographic: {
    Disabled: 'disabled',
    PendingDeletion: 'pending deletion',
    PendingReplicaDeletion: 'pending replica deletion',
    PendingImport: 'pending import',
    Unavailable: 'unavailable',
    Creating: 'creating',
  },
  /** CreateGrant and UpdatePrimaryRegion. */
  granting: {
    Disabled: 'disabled',
    PendingDeletion: 'pending deletion',
    PendingReplicaDeletion: 'pending replica deletion',
    PendingImport: 'pending import',
    Creating: 'creating',
  },
  /** ReplicateKey. */
  replicating: {
    Disabled: 'disabled',
    PendingDeletion: 'pending deletion',
    PendingReplicaDeletion: 'pending replica deletion',
    PendingImport: 'pending import',
    Creating: 'creating',
    Updating: 'updating',
  },
  /** EnableKeyRotation and DisableKeyRotation. A key that waits for an import is refused for its origin. */
  settingRotation: {
    Disabled: 'disabled',
    PendingDeletion: 'pending deletion',
    PendingReplicaDeletion: 'pending replica deletion',
    Creating: 'creating',
  },
  /** What only tells of a key or its policy, the lists, DeleteAlias, RetireGrant and RevokeGrant. */
  any: {},
  /** CreateAlias, UpdateAlias for its new key, and changes of tags and descriptions. */
  notDying: { PendingDeletion: 'pending deletion', PendingReplicaDeletion: 'pending replica deletion' },
  /** EnableKey and DisableKey. */
  switching: {
    PendingDeletion: 'pending deletion',
    PendingReplicaDeletion: 'pending replica deletion',
    PendingImport: 'pending import',
    Creating: 'creating',
    Updating: 'updating',
  },
  /** GetParametersForImport. */
  gettingParameters: {
    PendingDeletion: 'pending deletion',
    PendingReplicaDeletion: 'pending replica deletion',
    Creating: 'creating',
    Updating: 'updating',
  },
  /** ImportKeyMaterial. */
  importing: {
    PendingDeletion: 'pending deletion',
    PendingReplicaDeletion: 'pending replica deletion',
    Creating: 'creating',
  },
  /** DeleteImportedKeyMaterial. */
  deletingMaterial: { Creating: 'creating', Updating: 'updating' },
  /** ScheduleKeyDeletion. */
  scheduling: {
    PendingDeletion: 'pending deletion',
    PendingReplicaDeletion: 'pending replica deletion',
    Updating: 'updating',
  },
  /** CancelKeyDeletion. */
  cancelling: {
    Creating: 'not pending deletion',
    Enabled: 'not pending deletion',
    Disabled: 'not pending deletion',
    PendingImport: 'not pending deletion',
    Unavailable: 'not pending deletion',
    Updating: 'not pending deletion',
  },
} as const satisfies Record<string, Readonly<Partial<Record<KeyState, string>>>>;

export type StateRule = keyof typeof STATE_RULES;

/** @throws Fault DisabledException or KMSInvalidStateException */
export function requireState(key: Key, rule: StateRule): void {
  const row: Readonly<Partial<Record<KeyState, string>>> = STATE_RULES[rule];
  const words = row[key.state];
  if (words === undefined) return;
  throw words === 'disabled' ? faults.disabled(key.arn) : faults.invalidState(key.arn, words);
}
