import type { KeyUsageName } from '../keys/key-specs';

/** Everything that administers a key, but for its deletion and its use. */
const ADMINISTRATION = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:DescribeKey',
  'kms:DisableKey',
  'kms:EnableKey',
  'kms:GetKeyLastUsage',
  'kms:GetKeyPolicy',
  'kms:ListGrants',
  'kms:ListKeyPolicies',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:RevokeGrant',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateAlias',
  'kms:UpdateKeyDescription',
];
const DELETION = ['kms:ScheduleKeyDeletion'];
const ROTATION = [
  'kms:DisableKeyRotation',
  'kms:EnableKeyRotation',
  'kms:GetKeyRotationStatus',
  'kms:ListKeyRotations',
  'kms:RotateKeyOnDemand',
];
const IMPORT = ['kms:DeleteImportedKeyMaterial', 'kms:GetParametersForImport', 'kms:ImportKeyMaterial'];
const MULTI_REGION = ['kms:ReplicateKey', 'kms:UpdatePrimaryRegion'];
const DATA_KEYS = ['kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext'];
const DATA_KEY_PAIRS = ['kms:GenerateDataKeyPair', 'kms:GenerateDataKeyPairWithoutPlaintext'];

/** What matters about a key when it is asked which actions something takes. */
export interface KeyKind {
  readonly usage: KeyUsageName;
  readonly symmetric: boolean;
  readonly imported: boolean;
  readonly multiRegion: boolean;
}

/** What people do with keys. */
export type KeyUse =
  | 'administer'
  | 'administerWithoutDeletion'
  | 'audit'
  | 'importMaterial'
  | 'encrypt'
  | 'decrypt'
  | 'encryptAndDecrypt'
  | 'generateDataKeys'
  | 'getPublicKey'
  | 'sign'
  | 'verify'
  | 'signAndVerify'
  | 'generateMac'
  | 'verifyMac'
  | 'generateAndVerifyMac'
  | 'deriveSharedSecret';

interface UseFacts {
  /** Sid of the statement. */
  readonly sid: string;
  /** Key usages that have it. */
  readonly usages: readonly KeyUsageName[];
  /** The actions that it takes on a key of this kind. */
  readonly actions: (kind: KeyKind) => readonly string[];
}

const ANY: readonly KeyUsageName[] = ['ENCRYPT_DECRYPT', 'SIGN_VERIFY', 'GENERATE_VERIFY_MAC', 'KEY_AGREEMENT'];

/**
 * Each use and the actions behind it, one by one and without wildcards.
 *
 * Administration and use have no action in common but `kms:DescribeKey`, so that a key administrator is not a key user.
 * An administrator can still become one by changing the key policy: that is what administering a key policy means.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
 */
export const KEY_USES: Readonly<Record<KeyUse, UseFacts>> = {
  administer: {
    sid: 'KeyAdministrators',
    usages: ANY,
    actions: (kind) => [...administration(kind), ...DELETION],
  },
  administerWithoutDeletion: {
    sid: 'KeyAdministratorsWithoutDeletion',
    usages: ANY,
    actions: administration,
  },
  audit: {
    sid: 'KeyAuditors',
    usages: ANY,
    actions: (kind) => [
      'kms:DescribeKey',
      'kms:GetKeyLastUsage',
      'kms:GetKeyPolicy',
      'kms:ListGrants',
      'kms:ListKeyPolicies',
      'kms:ListResourceTags',
      ...(rotates(kind) ? ['kms:GetKeyRotationStatus', 'kms:ListKeyRotations'] : []),
    ],
  },
  importMaterial: {
    sid: 'ImportKeyMaterial',
    usages: ANY,
    // Not its deletion, which makes the key unusable: that is administration.
    actions: () => ['kms:DescribeKey', 'kms:GetParametersForImport', 'kms:ImportKeyMaterial'],
  },
  encrypt: {
    sid: 'Encrypt',
    usages: ['ENCRYPT_DECRYPT'],
    actions: ({ symmetric }) => [
      'kms:Encrypt',
      ...(symmetric ? [...DATA_KEYS, ...DATA_KEY_PAIRS] : ['kms:GetPublicKey']),
      'kms:ReEncryptTo',
    ],
  },
  decrypt: {
    sid: 'Decrypt',
    usages: ['ENCRYPT_DECRYPT'],
    actions: () => ['kms:Decrypt'],
  },
  encryptAndDecrypt: {
    sid: 'KeyUsers',
    usages: ['ENCRYPT_DECRYPT'],
    actions: ({ symmetric }) => [
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:Encrypt',
      ...(symmetric ? [...DATA_KEYS, ...DATA_KEY_PAIRS] : ['kms:GetPublicKey']),
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
    ],
  },
  generateDataKeys: {
    sid: 'GenerateDataKeys',
    usages: ['ENCRYPT_DECRYPT'],
    actions: () => DATA_KEYS,
  },
  getPublicKey: {
    sid: 'GetPublicKey',
    usages: ['ENCRYPT_DECRYPT', 'SIGN_VERIFY', 'KEY_AGREEMENT'],
    actions: () => ['kms:GetPublicKey'],
  },
  sign: { sid: 'Sign', usages: ['SIGN_VERIFY'], actions: () => ['kms:Sign'] },
  verify: {
    sid: 'Verify',
    usages: ['SIGN_VERIFY'],
    actions: () => ['kms:GetPublicKey', 'kms:Verify'],
  },
  signAndVerify: {
    sid: 'SignAndVerify',
    usages: ['SIGN_VERIFY'],
    actions: () => ['kms:GetPublicKey', 'kms:Sign', 'kms:Verify'],
  },
  generateMac: {
    sid: 'GenerateMac',
    usages: ['GENERATE_VERIFY_MAC'],
    actions: () => ['kms:GenerateMac'],
  },
  verifyMac: {
    sid: 'VerifyMac',
    usages: ['GENERATE_VERIFY_MAC'],
    actions: () => ['kms:VerifyMac'],
  },
  generateAndVerifyMac: {
    sid: 'GenerateAndVerifyMac',
    usages: ['GENERATE_VERIFY_MAC'],
    actions: () => ['kms:GenerateMac', 'kms:VerifyMac'],
  },
  deriveSharedSecret: {
    sid: 'DeriveSharedSecret',
    usages: ['KEY_AGREEMENT'],
    actions: () => ['kms:DeriveSharedSecret', 'kms:GetPublicKey'],
  },
};

/** The actions of a use on a key of this kind, in alphabetical order. */
export function actionsOf(use: KeyUse, kind: KeyKind): string[] {
  return [...KEY_USES[use].actions(kind)].sort();
}

function administration(kind: KeyKind): string[] {
  return [
    ...ADMINISTRATION,
    ...(rotates(kind) ? ROTATION : []),
    ...(kind.imported ? IMPORT : []),
    ...(kind.multiRegion ? MULTI_REGION : []),
  ];
}

function rotates({ usage, symmetric }: KeyKind): boolean {
  return usage === 'ENCRYPT_DECRYPT' && symmetric;
}
