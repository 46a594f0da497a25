/** What authorizing one operation of the KMS API asks for. */
export interface Operation {
  /**
   * IAM actions with their prefix. More than one: each is needed, on the key or alias that the operation's
   * documentation names. `kms:TagResource`, which operations need when they are given tags, is not listed.
   */
  readonly actions: readonly string[];
  /** Whether a caller of another account can use it. A permission for an operation that is not has no effect there. */
  readonly crossAccount: boolean;
  /**
   * `key`: the key policy decides together with IAM. `alias`: an IAM policy on the alias and the rules for keys on the
   * key. `none`: IAM policies alone. `grant`: the grant decides, policies can only deny.
   */
  readonly resource: 'key' | 'alias' | 'none' | 'grant';
}

const CROSS_ACCOUNT = `
  CreateGrant Decapsulate Decrypt DeriveSharedSecret DescribeKey Encapsulate Encrypt GenerateDataKey GenerateDataKeyPair
  GenerateDataKeyPairWithoutPlaintext GenerateDataKeyWithoutPlaintext GenerateMac GetKeyRotationStatus GetPublicKey
  ListGrants ReEncrypt RevokeGrant Sign Verify VerifyMac`;

const SAME_ACCOUNT = `
  CancelKeyDeletion DeleteImportedKeyMaterial DisableKey DisableKeyRotation EnableKey EnableKeyRotation GetKeyLastUsage
  GetKeyPolicy GetParametersForImport ImportKeyMaterial ListKeyPolicies ListKeyRotations ListResourceTags PutKeyPolicy
  ReplicateKey RotateKeyOnDemand ScheduleKeyDeletion TagResource UntagResource UpdateKeyDescription UpdatePrimaryRegion`;

const ON_ALIASES = 'CreateAlias DeleteAlias UpdateAlias';

const IAM_ONLY = `
  ConnectCustomKeyStore CreateCustomKeyStore CreateKey DeleteCustomKeyStore DescribeCustomKeyStores
  DisconnectCustomKeyStore GenerateRandom ListAliases ListKeys ListRetirableGrants UpdateCustomKeyStore`;

/** Operations whose IAM actions are not simply `kms:<operation>`. */
const OTHER_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  ReEncrypt: ['kms:ReEncryptFrom', 'kms:ReEncryptTo'],
  ReplicateKey: ['kms:ReplicateKey', 'kms:CreateKey'],
};

function rows(names: string, crossAccount: boolean, resource: Operation['resource']): [string, Operation][] {
  return names
    .trim()
    .split(/\s+/)
    .map((name) => [name, { actions: OTHER_ACTIONS[name] ?? [`kms:${name}`], crossAccount, resource }]);
}

/**
 * The 56 operations of the KMS API by name.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
 */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map([
  ...rows(CROSS_ACCOUNT, true, 'key'),
  ...rows(SAME_ACCOUNT, false, 'key'),
  ...rows(ON_ALIASES, false, 'alias'),
  ...rows(IAM_ONLY, false, 'none'),
  ...rows('RetireGrant', true, 'grant'),
]);

/** How one IAM action is authorized; `kms:CreateKey` is CreateKey's own, not ReplicateKey's. */
export type ActionRule = Pick<Operation, 'crossAccount' | 'resource'>;

/** By action in lower case, as IAM compares actions. */
const ACTIONS: ReadonlyMap<string, ActionRule> = new Map<string, ActionRule>([
  ...[...OPERATIONS].flatMap(([name, { actions, crossAccount, resource }]) =>
    actions
      .filter((action) => !OPERATIONS.has(action.slice(4)) || action === `kms:${name}`)
      .map((action) => [action.toLowerCase(), { crossAccount, resource }] as const),
  ),
  // An action without an operation: KMS's own service role synchronizes multi-Region keys with it.
  ['kms:synchronizemultiregionkey', { crossAccount: false, resource: 'key' }],
]);

export function ruleOfAction(action: string): ActionRule | undefined {
  return ACTIONS.get(action.toLowerCase());
}
