import type { KeyModel } from '../model.ts';
import { equalValues } from '../symbolic/match.ts';

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
}

function rows(
  group: OperationGroup,
  label: string,
  actions: string,
  filter: Pick<Row, 'usages' | 'symmetric'> = {},
): Row[] {
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
  ...rows('administer', 'tags', 'TagResource UntagResource'),
  ...rows('administer', 'aliases', 'CreateAlias UpdateAlias DeleteAlias'),
  ...rows('hand on', 'change the key policy', 'PutKeyPolicy'),
  ...rows('hand on', 'create grants', 'CreateGrant'),
];

/** The questions that make sense for a key; what is not known about the key leaves none out. */
export function actionsFor(key: KeyModel): readonly MapAction[] {
  return ROWS.filter(({ usages, symmetric }) => {
    const fits = usages === undefined || usages.some((usage) => equalValues(usage, key.keyUsage) !== 'no');
    if (!fits || symmetric === undefined) return fits;
    return equalValues('SYMMETRIC_DEFAULT', key.keySpec) !== (symmetric ? 'no' : 'yes');
  }).map(({ group, label, action }) => ({ group, label, action }));
}
