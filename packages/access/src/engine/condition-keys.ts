/**
 * Which condition keys a request can carry at all, by action. A question about a template leaves the request open, but
 * a key that KMS never sends with an action is absent, not open: a condition on it can be decided.
 *
 * Where AWS's two tables differ the union is taken, so that "absent" is never claimed wrongly.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
 */

const DATA_KEYS =
  'GenerateDataKey GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext GenerateDataKeyWithoutPlaintext';
const SYMMETRIC = `Decrypt Encrypt ${DATA_KEYS} ReEncryptFrom ReEncryptTo`;
const WITH_CONTEXT = `${SYMMETRIC} CreateGrant RetireGrant`;
const BY_ALIAS = `${SYMMETRIC} DeriveSharedSecret DescribeKey GenerateMac GetPublicKey Sign Verify VerifyMac Encapsulate Decapsulate`;

/** Key names in lower case; a name that ends with `:` stands for every key that begins with it. */
const ONLY_WITH: Readonly<Record<string, string>> = {
  'kms:bypasspolicylockoutsafetycheck': 'CreateKey PutKeyPolicy',
  'kms:datakeypairspec': 'GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext',
  'kms:encryptionalgorithm': SYMMETRIC,
  'kms:encryptioncontext:': WITH_CONTEXT,
  'kms:encryptioncontextkeys': WITH_CONTEXT,
  'kms:expirationmodel': 'ImportKeyMaterial',
  'kms:grantconstraintsourcearn': 'CreateGrant',
  'kms:grantconstrainttype': 'CreateGrant RetireGrant',
  'kms:grantisforawsresource': 'CreateGrant ListGrants RevokeGrant',
  'kms:grantoperations': 'CreateGrant',
  'kms:granteeprincipal': 'CreateGrant',
  'kms:granteeserviceprincipal': 'CreateGrant',
  'kms:keyagreementalgorithm': 'DeriveSharedSecret',
  'kms:macalgorithm': 'GenerateMac VerifyMac',
  'kms:messagetype': 'Sign Verify',
  'kms:primaryregion': 'UpdatePrimaryRegion',
  'kms:reencryptonsamekey': 'ReEncryptFrom ReEncryptTo',
  'kms:recipientattestation:': 'Decrypt DeriveSharedSecret GenerateDataKey GenerateDataKeyPair GenerateRandom',
  'kms:replicaregion': 'ReplicateKey',
  'kms:requestalias': BY_ALIAS,
  'kms:retiringprincipal': 'CreateGrant',
  'kms:retiringserviceprincipal': 'CreateGrant',
  'kms:rotationperiodindays': 'EnableKeyRotation',
  'kms:schedulekeydeletionpendingwindowindays': 'ScheduleKeyDeletion',
  'kms:signingalgorithm': 'Sign Verify',
  'kms:trailingdayswithoutkeyusage': 'DisableKey ScheduleKeyDeletion',
  'kms:validto': 'ImportKeyMaterial',
  'kms:wrappingalgorithm': 'GetParametersForImport',
  'kms:wrappingkeyspec': 'GetParametersForImport',
};

const ACTIONS_OF_KEY: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(ONLY_WITH).map(([key, actions]) => [key, new Set(actions.toLowerCase().split(/\s+/))]),
);

/**
 * Whether a request for the action can carry the condition key. Keys of the whole of AWS (`aws:…`) and keys that this
 * table does not know always can.
 */
export function canCarry(action: string, key: string): boolean {
  const name = key.toLowerCase();
  const family = /^kms:[^:]+:/.exec(name)?.[0];
  const actions = ACTIONS_OF_KEY.get(name) ?? (family === undefined ? undefined : ACTIONS_OF_KEY.get(family));
  return actions?.has(action.toLowerCase().replace(/^kms:/, '')) ?? true;
}
