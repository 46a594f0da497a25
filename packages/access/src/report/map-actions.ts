import type { KeyModel } from '../model.ts';
import { equalValues } from '../symbolic/match.ts';
import type { Lever, LeverKind } from './levers.ts';

/** What people mean by access: using a key, administering it, or handing access on to others. */
export type OperationGroup = 'use' | 'administer' | 'hand on';

/** One question of the access map. */
export interface MapAction {
  readonly group: OperationGroup;
  /** How people call it: `decrypt`, `data keys`. */
  readonly label: string;
  /** IAM action with its prefix. */
  readonly action: string;
}

interface Row extends MapAction {
  /** Key usages that have the operation; left out: all. */
  readonly usages?: readonly string[];
  /** Left out: both kinds of keys. */
  readonly symmetric?: boolean;
  /** Left out: all keys. */
  readonly multiRegion?: boolean;
  /** Where a statement tests this, changing it hands access on. */
  readonly lever?: LeverKind;
}

function rows(group: OperationGroup, label: string, actions: string, filter: Omit<Row, keyof MapAction> = {}): Row[] {
  return actions.split(' ').map((name) => ({ group, label, action: `kms:${name}`, ...filter }));
}

const CIPHER = ['ENCRYPT_DECRYPT'];
const PUBLIC = ['ENCRYPT_DECRYPT', 'SIGN_VERIFY', 'KEY_AGREEMENT', 'ENCAPSULATE_DECAPSULATE'];
const SYMMETRIC = { usages: CIPHER, symmetric: true };

/** In the order in which they are shown. With a public key anybody encrypts or verifies outside KMS, so it is a use. */
const ROWS: readonly Row[] = [
  ...rows('use', 'encrypt', 'Encrypt', { usages: CIPHER }),
  ...rows('use', 'data keys', 'GenerateDataKey GenerateDataKeyWithoutPlaintext', SYMMETRIC),
  ...rows('use', 'data key pairs', 'GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext', SYMMETRIC),
  ...rows('use', 'decrypt', 'Decrypt', { usages: CIPHER }),
  ...rows('use', 're-encrypt', 'ReEncryptFrom ReEncryptTo', { usages: CIPHER }),
  ...rows('use', 'sign', 'Sign', { usages: ['SIGN_VERIFY'] }),
  ...rows('use', 'verify', 'Verify', { usages: ['SIGN_VERIFY'] }),
  ...rows('use', 'generate MACs', 'GenerateMac', { usages: ['GENERATE_VERIFY_MAC'] }),
  ...rows('use', 'verify MACs', 'VerifyMac', { usages: ['GENERATE_VERIFY_MAC'] }),
  ...rows('use', 'derive shared secrets', 'DeriveSharedSecret', { usages: ['KEY_AGREEMENT'] }),
  ...rows('use', 'encapsulate', 'Encapsulate', { usages: ['ENCAPSULATE_DECAPSULATE'] }),
  ...rows('use', 'decapsulate', 'Decapsulate', { usages: ['ENCAPSULATE_DECAPSULATE'] }),
  ...rows('use', 'public key', 'GetPublicKey', { usages: PUBLIC, symmetric: false }),
  ...rows('administer', 'delete', 'ScheduleKeyDeletion CancelKeyDeletion'),
  ...rows('administer', 'disable', 'DisableKey EnableKey'),
  ...rows('administer', 'rotation', 'EnableKeyRotation DisableKeyRotation RotateKeyOnDemand', SYMMETRIC),
  ...rows('administer', 'description', 'UpdateKeyDescription'),
  ...rows('administer', 'tags', 'TagResource UntagResource', { lever: 'tags of the key' }),
  ...rows('administer', 'aliases', 'CreateAlias UpdateAlias DeleteAlias', { lever: 'aliases' }),
  ...rows('hand on', 'change the key policy', 'PutKeyPolicy'),
  ...rows('hand on', 'create grants', 'CreateGrant'),
  // The replica has the same key material and whatever key policy the caller gives it.
  ...rows('hand on', 'replicate', 'ReplicateKey', { multiRegion: true }),
];

/**
 * The questions that make sense for a key; what is not known about the key leaves none out. Changing aliases or tags is
 * handing access on where a statement tests them, and administering the key where none does.
 */
export function actionsFor(key: KeyModel, levers: readonly Lever[] = []): readonly MapAction[] {
  return ROWS.filter((row) => fits(row, key)).map(({ group, label, action, lever }) => {
    const handsOn = lever !== undefined && levers.some(({ kind }) => kind === lever);
    return { group: handsOn ? 'hand on' : group, label, action };
  });
}

function fits({ usages, symmetric, multiRegion }: Row, key: KeyModel): boolean {
  if (usages?.every((usage) => equalValues(usage, key.keyUsage) === 'no')) return false;
  // Only a primary key can be replicated.
  if (multiRegion && (key.multiRegion === false || key.replicaOf !== undefined)) return false;
  return symmetric === undefined || equalValues('SYMMETRIC_DEFAULT', key.keySpec) !== (symmetric ? 'no' : 'yes');
}
