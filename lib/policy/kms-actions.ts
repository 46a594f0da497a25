import type { KeyUsageName } from '../keys/key-specs';

const ANY: readonly KeyUsageName[] = ['ENCRYPT_DECRYPT', 'SIGN_VERIFY', 'GENERATE_VERIFY_MAC', 'KEY_AGREEMENT'];

/** What a key policy may say about an action. */
interface ActionFacts {
  /** Key usages that have the operation. */
  readonly usages: readonly KeyUsageName[];
  /** Whether it takes a symmetric key. */
  readonly symmetricOnly: boolean;
  /** Whether it takes an asymmetric key, one with a public part. */
  readonly asymmetricOnly: boolean;
  /** Whether a request carries an encryption context, when the key is symmetric. */
  readonly context: boolean;
  /** Whether a request can name the key by an alias. */
  readonly byAlias: boolean;
}

const ANY_KEY: ActionFacts = {
  usages: ANY,
  symmetricOnly: false,
  asymmetricOnly: false,
  context: false,
  byAlias: false,
};
const NAMED: ActionFacts = { ...ANY_KEY, byAlias: true };
const ENCRYPTION: ActionFacts = { ...NAMED, usages: ['ENCRYPT_DECRYPT'], context: true };
const SYMMETRIC: ActionFacts = { ...ENCRYPTION, symmetricOnly: true };
const SIGNATURE: ActionFacts = { ...NAMED, usages: ['SIGN_VERIFY'] };
const MAC: ActionFacts = { ...NAMED, usages: ['GENERATE_VERIFY_MAC'] };
const ROTATION: ActionFacts = { ...ANY_KEY, usages: ['ENCRYPT_DECRYPT'], symmetricOnly: true };

/**
 * The actions that a key policy can speak of, and the keys that each suits. Actions that have no key as resource, such
 * as `kms:CreateKey` and `kms:ListKeys`, stand in no key policy.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
 */
export const KEY_ACTIONS: Readonly<Record<string, ActionFacts>> = {
  CancelKeyDeletion: ANY_KEY,
  CreateAlias: ANY_KEY,
  CreateGrant: { ...ANY_KEY, context: true },
  Decrypt: ENCRYPTION,
  DeleteAlias: ANY_KEY,
  DeleteImportedKeyMaterial: ANY_KEY,
  DeriveSharedSecret: { ...NAMED, usages: ['KEY_AGREEMENT'], asymmetricOnly: true },
  DescribeKey: NAMED,
  DisableKey: ANY_KEY,
  DisableKeyRotation: ROTATION,
  EnableKey: ANY_KEY,
  EnableKeyRotation: ROTATION,
  Encrypt: ENCRYPTION,
  GenerateDataKey: SYMMETRIC,
  GenerateDataKeyPair: SYMMETRIC,
  GenerateDataKeyPairWithoutPlaintext: SYMMETRIC,
  GenerateDataKeyWithoutPlaintext: SYMMETRIC,
  GenerateMac: MAC,
  GetKeyLastUsage: ANY_KEY,
  GetKeyPolicy: ANY_KEY,
  GetKeyRotationStatus: ANY_KEY,
  GetParametersForImport: ANY_KEY,
  GetPublicKey: {
    ...NAMED,
    usages: ['ENCRYPT_DECRYPT', 'SIGN_VERIFY', 'KEY_AGREEMENT'],
    asymmetricOnly: true,
  },
  ImportKeyMaterial: ANY_KEY,
  ListGrants: ANY_KEY,
  ListKeyPolicies: ANY_KEY,
  ListKeyRotations: ANY_KEY,
  ListResourceTags: ANY_KEY,
  PutKeyPolicy: ANY_KEY,
  ReEncryptFrom: ENCRYPTION,
  ReEncryptTo: ENCRYPTION,
  ReplicateKey: ANY_KEY,
  RetireGrant: { ...ANY_KEY, context: true },
  RevokeGrant: ANY_KEY,
  RotateKeyOnDemand: ROTATION,
  ScheduleKeyDeletion: ANY_KEY,
  Sign: { ...SIGNATURE, asymmetricOnly: true },
  SynchronizeMultiRegionKey: ANY_KEY,
  TagResource: ANY_KEY,
  UntagResource: ANY_KEY,
  UpdateAlias: ANY_KEY,
  UpdateKeyDescription: ANY_KEY,
  UpdatePrimaryRegion: ANY_KEY,
  Verify: { ...SIGNATURE, asymmetricOnly: true },
  VerifyMac: MAC,
};

/** Whether requests for an action carry an encryption context; for a pattern, whether those for all of its actions do. */
export function carriesContext(action: string): boolean {
  const matches = matchingAction(action);
  return matches.length > 0 && matches.every(([, facts]) => facts.context);
}

/** Whether a pattern has actions whose requests carry an encryption context, and others. */
export function carriesContextInPart(action: string): boolean {
  return !carriesContext(action) && matchingAction(action).some(([, facts]) => facts.context);
}

/** Whether requests for an action, possibly with wildcards, can name the key by an alias; some of them, for a pattern. */
export function namesKeyByAlias(action: string): boolean {
  return matchingAction(action).some(([, facts]) => facts.byAlias);
}

/** Why an action, possibly with wildcards, would do nothing in the policy of such a key; undefined when it would. */
export function unsuitedAction(action: string, usage: KeyUsageName, symmetric: boolean): string | undefined {
  const pattern = action.toLowerCase();
  if (pattern === '*') {
    return undefined;
  }
  if (!pattern.startsWith('kms:')) {
    return 'is not an action of KMS; a key policy speaks of "kms:" actions only';
  }
  const matches = matching(pattern.slice('kms:'.length));
  if (matches.length === 0) {
    return 'is no action that a key policy can give; see the permissions reference of KMS for its spelling';
  }
  if (matches.some(([, facts]) => suits(facts, usage, symmetric))) {
    return undefined;
  }
  return `does not suit a ${symmetric ? 'symmetric' : 'asymmetric'} key with usage ${usage}; leave it out`;
}

function matchingAction(action: string): [string, ActionFacts][] {
  return matching(action.toLowerCase().replace(/^kms:/, ''));
}

function matching(pattern: string): [string, ActionFacts][] {
  const literal = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  const expression = new RegExp(`^${literal.replace(/\*+/g, '.*').replace(/\?/g, '.')}$`);
  return Object.entries(KEY_ACTIONS).filter(([name]) => expression.test(name.toLowerCase()));
}

function suits(facts: ActionFacts, usage: KeyUsageName, symmetric: boolean): boolean {
  return facts.usages.includes(usage) && !(symmetric ? facts.asymmetricOnly : facts.symmetricOnly);
}
