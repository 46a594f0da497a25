import { regionTypeOf } from '../state/metadata.ts';
import { DEFAULT_ROTATION_DAYS } from '../state/rotate.ts';
import { aliasesOf } from '../state/store.ts';
import { addGlobalKeys, addTo, emptyContext, type Values } from './global-keys.ts';
import type { Question } from './question.ts';

/** How one condition key, or a family of them, is filled. */
export interface Row {
  /** A name that ends with `:` or `/` is a family: `values` gives a map of what follows the name. */
  readonly key: string;
  /** Actions without their prefix; left out: every action but those of `except`. */
  readonly actions?: readonly string[];
  readonly except?: readonly string[];
  readonly values: (question: Question) => Values;
  /** It takes long to find out, and few policies ask: found out when one does. */
  readonly late?: true;
}

const WITH_CONTEXT: Readonly<Record<string, string>> = {
  Encrypt: 'EncryptionContext',
  Decrypt: 'EncryptionContext',
  GenerateDataKey: 'EncryptionContext',
  GenerateDataKeyWithoutPlaintext: 'EncryptionContext',
  GenerateDataKeyPair: 'EncryptionContext',
  GenerateDataKeyPairWithoutPlaintext: 'EncryptionContext',
  ReEncryptFrom: 'SourceEncryptionContext',
  ReEncryptTo: 'DestinationEncryptionContext',
};
/** The context of a constraint counts as that of the request there. */
const OF_GRANT = ['CreateGrant', 'RetireGrant'];
const WITH_ALGORITHM: Readonly<Record<string, string>> = {
  Encrypt: 'EncryptionAlgorithm',
  Decrypt: 'EncryptionAlgorithm',
  GenerateDataKey: '',
  GenerateDataKeyWithoutPlaintext: '',
  GenerateDataKeyPair: '',
  GenerateDataKeyPairWithoutPlaintext: '',
  ReEncryptFrom: 'SourceEncryptionAlgorithm',
  ReEncryptTo: 'DestinationEncryptionAlgorithm',
};
const BY_ALIAS = [
  ...Object.keys(WITH_CONTEXT),
  ...['DescribeKey', 'GetPublicKey', 'Sign', 'Verify', 'GenerateMac', 'VerifyMac', 'DeriveSharedSecret'],
  ...['Encapsulate', 'Decapsulate'],
];

const LISTING = ['ListAliases', 'ListKeys', 'ListRetirableGrants'];
/** Actions that are about no key, nor about one to be made. */
const WITHOUT_KEY = [
  ...['ConnectCustomKeyStore', 'CreateCustomKeyStore', 'DeleteCustomKeyStore', 'DescribeCustomKeyStores'],
  ...['DisconnectCustomKeyStore', 'UpdateCustomKeyStore', 'GenerateRandom', ...LISTING],
];

/**
 * The condition keys that each action carries. A parameter with a default is carried when it is left out too; one without
 * is absent.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export const ROWS: readonly Row[] = [
  // AWS KMS
  {
    key: 'kms:CallerAccount',
    except: ['GenerateRandom', ...LISTING],
    // The engine knows what no document tells.
    values: ({ identity: { principal } }) => (principal.type === 'service' ? undefined : principal.account),
  },
  { key: 'kms:ViaService', except: WITHOUT_KEY, values: ({ claims }) => claims.via },
  {
    key: 'kms:TrailingDaysWithoutKeyUsage',
    actions: ['DisableKey', 'ScheduleKeyDeletion'],
    values: ({ target, now }) => target && String(daysSince(target.key.lastUse?.at ?? target.key.createdAt, now)),
  },
  { key: 'kms:EncryptionContext:', actions: [...Object.keys(WITH_CONTEXT), ...OF_GRANT], values: contextOf },
  {
    key: 'kms:EncryptionContextKeys',
    actions: [...Object.keys(WITH_CONTEXT), ...OF_GRANT],
    values: (q) => [...contextOf(q).keys()],
  },
  { key: 'kms:GrantConstraintType', actions: OF_GRANT, values: constraintType },
  {
    key: 'kms:GrantConstraintSourceArn',
    actions: ['CreateGrant'],
    values: ({ input }) => constraintsOf(input).SourceArn,
  },
  // Only services that are integrated with KMS make grants for their resources: for somebody, or, as AWS's key policy for
  // DNSSEC demands it of Route 53, for themselves.
  {
    key: 'kms:GrantIsForAWSResource',
    actions: ['CreateGrant', 'ListGrants', 'RevokeGrant'],
    values: ({ identity, claims }) => String(claims.via !== undefined || identity.principal.type === 'service'),
  },
  { key: 'kms:GrantOperations', actions: ['CreateGrant'], values: ({ input }) => input['Operations'] as Values },
  { key: 'kms:GranteePrincipal', actions: ['CreateGrant'], values: (q) => text(q, 'GranteePrincipal') },
  { key: 'kms:GranteeServicePrincipal', actions: ['CreateGrant'], values: (q) => text(q, 'GranteeServicePrincipal') },
  { key: 'kms:RetiringPrincipal', actions: ['CreateGrant'], values: (q) => text(q, 'RetiringPrincipal') },
  { key: 'kms:RetiringServicePrincipal', actions: ['CreateGrant'], values: (q) => text(q, 'RetiringServicePrincipal') },
  {
    key: 'kms:EncryptionAlgorithm',
    actions: Object.keys(WITH_ALGORITHM),
    values: (q) => text(q, WITH_ALGORITHM[actionName(q)] ?? '') ?? 'SYMMETRIC_DEFAULT',
  },
  {
    key: 'kms:DataKeyPairSpec',
    actions: ['GenerateDataKeyPair', 'GenerateDataKeyPairWithoutPlaintext'],
    values: (q) => text(q, 'KeyPairSpec'),
  },
  { key: 'kms:SigningAlgorithm', actions: ['Sign', 'Verify'], values: (q) => text(q, 'SigningAlgorithm') },
  { key: 'kms:MessageType', actions: ['Sign', 'Verify'], values: (q) => text(q, 'MessageType') ?? 'RAW' },
  { key: 'kms:MacAlgorithm', actions: ['GenerateMac', 'VerifyMac'], values: (q) => text(q, 'MacAlgorithm') },
  {
    key: 'kms:KeyAgreementAlgorithm',
    actions: ['DeriveSharedSecret'],
    values: (q) => text(q, 'KeyAgreementAlgorithm'),
  },
  { key: 'kms:PrimaryRegion', actions: ['UpdatePrimaryRegion'], values: (q) => text(q, 'PrimaryRegion') },
  { key: 'kms:ReplicaRegion', actions: ['ReplicateKey'], values: (q) => text(q, 'ReplicaRegion') },
  {
    key: 'kms:RotationPeriodInDays',
    actions: ['EnableKeyRotation'],
    values: ({ input }) => String(input['RotationPeriodInDays'] ?? DEFAULT_ROTATION_DAYS),
  },
  { key: 'kms:RequestAlias', actions: BY_ALIAS, values: ({ target }) => target?.requestAlias },
  { key: 'kms:ReEncryptOnSameKey', actions: ['ReEncryptFrom', 'ReEncryptTo'], values: (q) => String(q.sameKey) },
  {
    key: 'kms:ResourceAliases',
    except: ['CreateKey'],
    late: true,
    values: ({ target, store }) => target && aliasesOf(store, target.key).map(({ name }) => name),
  },
  {
    key: 'kms:ScheduleKeyDeletionPendingWindowInDays',
    actions: ['ScheduleKeyDeletion'],
    values: ({ input }) => String(input['PendingWindowInDays'] ?? 30),
  },
  {
    key: 'kms:BypassPolicyLockoutSafetyCheck',
    actions: ['CreateKey', 'PutKeyPolicy'],
    values: ({ input }) => flag(input['BypassPolicyLockoutSafetyCheck']),
  },
  {
    key: 'kms:WrappingAlgorithm',
    actions: ['GetParametersForImport'],
    values: (q) => text(q, 'WrappingAlgorithm'),
  },
  { key: 'kms:WrappingKeySpec', actions: ['GetParametersForImport'], values: (q) => text(q, 'WrappingKeySpec') },
  {
    // The one parameter with a default that AWS's examples test with Null: it is absent when it is left out.
    key: 'kms:ExpirationModel',
    actions: ['ImportKeyMaterial'],
    values: (q) => text(q, 'ExpirationModel'),
  },
  {
    key: 'kms:ValidTo',
    actions: ['ImportKeyMaterial'],
    values: ({ input: { ValidTo } }) => (ValidTo instanceof Date ? String(ValidTo.getTime() / 1000) : undefined),
  },
  // What the key is; for CreateKey, what it is asked to be
  { key: 'kms:KeySpec', values: (q) => q.target?.key.spec ?? created(q, q.like?.spec ?? specAsked(q)) },
  { key: 'kms:CustomerMasterKeySpec', values: (q) => q.target?.key.spec ?? created(q, q.like?.spec ?? specAsked(q)) },
  {
    key: 'kms:KeyUsage',
    values: (q) => q.target?.key.usage ?? created(q, q.like?.usage ?? text(q, 'KeyUsage') ?? 'ENCRYPT_DECRYPT'),
  },
  {
    key: 'kms:CustomerMasterKeyUsage',
    values: (q) => q.target?.key.usage ?? created(q, q.like?.usage ?? text(q, 'KeyUsage') ?? 'ENCRYPT_DECRYPT'),
  },
  {
    key: 'kms:KeyOrigin',
    values: (q) => q.target?.key.origin ?? created(q, q.like?.origin ?? text(q, 'Origin') ?? 'AWS_KMS'),
  },
  {
    key: 'kms:MultiRegion',
    values: (q) =>
      flag(q.target?.key.multiRegion) ?? created(q, flag(q.like?.multiRegion ?? q.input['MultiRegion'] ?? false)),
  },
  { key: 'kms:MultiRegionKeyType', values: regionType },
  { key: 'aws:ResourceTag/', values: (q) => q.target?.key.tags ?? (isCreateKey(q) ? requestTags(q) : undefined) },
  { key: 'aws:RequestTag/', actions: ['CreateKey', 'TagResource'], values: requestTags },
  {
    key: 'aws:TagKeys',
    actions: ['CreateKey', 'TagResource', 'UntagResource'],
    values: tagKeys,
  },
  { key: 'aws:ResourceAccount', values: ({ target }) => target?.key.account },
  { key: 'aws:ResourceOrgID', values: ({ target, organizationId }) => target && organizationId },
];

/** Rows by action, so that none is looked at in vain. */
const OF_ACTION = new Map<string, readonly Row[]>();

/** The rows of an action, without its prefix. */
export function rowsOf(action: string): readonly Row[] {
  const known = OF_ACTION.get(action);
  if (known !== undefined) return known;
  const rows = ROWS.filter((row) => carries(row, action));
  OF_ACTION.set(action, rows);
  return rows;
}

/** Whether requests for an action, without its prefix, can carry the condition key. */
export function carries({ actions, except = [] }: Row, action: string): boolean {
  return (actions === undefined || actions.includes(action)) && !except.includes(action);
}

/** The condition keys of a question. */
export function contextKeys(question: Question): Record<string, string | readonly string[]> {
  const context = emptyContext();
  for (const { key, values, late } of rowsOf(actionName(question))) {
    if (late === undefined) addTo(context, key, values(question));
    // A key without a value is an absent one.
    else Object.defineProperty(context, key, { enumerable: true, get: () => values(question) ?? [] });
  }
  addGlobalKeys(context, question);
  return context;
}

/** Whole days. */
function daysSince(then: Date, now: Date): number {
  return Math.max(0, Math.floor((now.getTime() - then.getTime()) / 86_400_000));
}

export function actionName({ action }: Question): string {
  return action.slice('kms:'.length);
}

function isCreateKey({ action }: Question): boolean {
  return action === 'kms:CreateKey';
}

function regionType(question: Question): Values {
  const { target, like, input } = question;
  if (target !== undefined) return regionTypeOf(target.key);
  return created(question, like !== undefined ? 'REPLICA' : input['MultiRegion'] === true ? 'PRIMARY' : undefined);
}

/** A fact about the key to be made: no other action has it without a key. */
function created(question: Question, value: string | undefined): string | undefined {
  return isCreateKey(question) ? value : undefined;
}

/** The encryption context of a request, empty where it has none; undefined: its action knows no such thing. */
export function encryptionContextOf(question: Question): ReadonlyMap<string, string> | undefined {
  const member = WITH_CONTEXT[actionName(question)];
  const sent = member === undefined ? undefined : question.input[member];
  return sent instanceof Map ? sent : member === undefined ? undefined : NO_CONTEXT;
}

const NO_CONTEXT: ReadonlyMap<string, string> = new Map();

function contextOf(question: Question): ReadonlyMap<string, string> {
  const sent = encryptionContextOf(question);
  if (sent !== undefined) return sent;
  if (!OF_GRANT.includes(actionName(question))) return new Map();
  const { EncryptionContextEquals, EncryptionContextSubset } = constraintsAsked(question);
  return EncryptionContextEquals ?? EncryptionContextSubset ?? new Map();
}

interface Constraints {
  readonly EncryptionContextEquals?: ReadonlyMap<string, string> | undefined;
  readonly EncryptionContextSubset?: ReadonlyMap<string, string> | undefined;
  readonly SourceArn?: string;
}

function constraintsOf(input: Question['input']): Constraints {
  return (input['Constraints'] as Constraints | undefined) ?? {};
}

/** Constraints of the grant that is to be made, or that is to be retired. */
function constraintsAsked({ input, target, grantId }: Question): Constraints {
  const retired = grantId === undefined ? undefined : target?.key.grants.get(grantId)?.terms;
  if (retired === undefined) return constraintsOf(input);
  return {
    EncryptionContextEquals: retired.encryptionContextEquals,
    EncryptionContextSubset: retired.encryptionContextSubset,
  };
}

/** @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-grant-constraint-type */
function constraintType(question: Question): Values {
  const { EncryptionContextEquals, EncryptionContextSubset } = constraintsAsked(question);
  if (EncryptionContextEquals !== undefined) return 'EncryptionContextEquals';
  return EncryptionContextSubset === undefined ? undefined : 'EncryptionContextSubset';
}

function specAsked(question: Question): string {
  return text(question, 'KeySpec') ?? text(question, 'CustomerMasterKeySpec') ?? 'SYMMETRIC_DEFAULT';
}

function text({ input }: Question, member: string): string | undefined {
  const value = input[member];
  return typeof value === 'string' ? value : undefined;
}

function flag(value: unknown): string | undefined {
  return typeof value === 'boolean' ? String(value) : undefined;
}

function requestTags({ input }: Question): ReadonlyMap<string, string> {
  const tags = input['Tags'] as readonly { readonly TagKey: string; readonly TagValue: string }[] | undefined;
  return new Map(tags?.map(({ TagKey, TagValue }) => [TagKey, TagValue]));
}

function tagKeys(question: Question): Values {
  const { TagKeys, Tags } = question.input;
  if (Array.isArray(TagKeys)) return TagKeys as readonly string[];
  return Tags === undefined ? undefined : [...requestTags(question).keys()];
}
