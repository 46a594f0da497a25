import type { Identity } from '../identity/principal.ts';
import { partitionOf } from '../state/arn.ts';
import type { GrantTerms, KeyGrant } from '../state/grant-terms.ts';
import type { Key } from '../state/key.ts';
import { type KeyUsage, usagesOf } from '../state/key-specs.ts';
import { faults } from '../wire/texts.ts';

export const PRINCIPAL = { type: 'string', min: 1, max: 256, pattern: /^[\w+=,.@:/-]+$/ } as const;
export const GRANT_SERVICE_PRINCIPAL = {
  type: 'string',
  min: 1,
  max: 128,
  pattern: /^([A-Za-z0-9-]+)\.([A-Za-z0-9-]+)(\.[A-Za-z0-9-]+)+$/,
} as const;
export const GRANT_ID = { type: 'string', min: 1, max: 128 } as const;
export const GRANTS_LIMIT = { type: 'number', min: 1, max: 100 } as const;
export const DEFAULT_GRANTS_LIMIT = 50;

/** What a key must be for an operation of a grant; an empty row: any key. */
interface NeedOfOperation {
  readonly usage?: KeyUsage;
  readonly symmetric?: boolean;
}

/** @see https://docs.aws.amazon.com/kms/latest/developerguide/grants.html#terms-grant-operations */
const NEEDS = {
  Decrypt: { usage: 'ENCRYPT_DECRYPT' },
  Encrypt: { usage: 'ENCRYPT_DECRYPT' },
  GenerateDataKey: { usage: 'ENCRYPT_DECRYPT', symmetric: true },
  GenerateDataKeyWithoutPlaintext: { usage: 'ENCRYPT_DECRYPT', symmetric: true },
  ReEncryptFrom: { usage: 'ENCRYPT_DECRYPT' },
  ReEncryptTo: { usage: 'ENCRYPT_DECRYPT' },
  Sign: { usage: 'SIGN_VERIFY' },
  Verify: { usage: 'SIGN_VERIFY' },
  GetPublicKey: { symmetric: false },
  CreateGrant: {},
  RetireGrant: {},
  DescribeKey: {},
  GenerateDataKeyPair: { usage: 'ENCRYPT_DECRYPT', symmetric: true },
  GenerateDataKeyPairWithoutPlaintext: { usage: 'ENCRYPT_DECRYPT', symmetric: true },
  GenerateMac: { usage: 'GENERATE_VERIFY_MAC' },
  VerifyMac: { usage: 'GENERATE_VERIFY_MAC' },
  DeriveSharedSecret: { usage: 'KEY_AGREEMENT' },
  Encapsulate: { usage: 'ENCAPSULATE_DECAPSULATE' },
  Decapsulate: { usage: 'ENCAPSULATE_DECAPSULATE' },
} as const satisfies Record<string, NeedOfOperation>;

/** The operations that a grant can hold, in the order of the service model. */
export const GRANT_OPERATIONS = Object.keys(NEEDS) as (keyof typeof NEEDS)[];

/** Keys that have no public half: for symmetric encryption and for MACs. */
export function isSymmetric(key: Key): boolean {
  return key.spec === 'SYMMETRIC_DEFAULT' || usagesOf(key.spec).includes('GENERATE_VERIFY_MAC');
}

const MAX_PAIRS = 8;
const MAX_VALUE = 384;

/** What is wrong with a grant by itself, whatever its key; undefined: nothing. Texts of KMS are not published but for one. */
export function problemOfTerms(terms: GrantTerms): string | undefined {
  const { granteePrincipal, granteeServicePrincipal, retiringPrincipal, retiringServicePrincipal } = terms;
  const { encryptionContextEquals: equals, encryptionContextSubset: subset, sourceArn, operations } = terms;
  if ((granteePrincipal === undefined) === (granteeServicePrincipal === undefined)) {
    return 'Specify either GranteePrincipal or GranteeServicePrincipal, and not both';
  }
  if (retiringPrincipal !== undefined && retiringServicePrincipal !== undefined) {
    return 'Specify either RetiringPrincipal or RetiringServicePrincipal, and not both';
  }
  if (operations.length === 0) return 'Operations must have at least one grant operation';
  if (equals !== undefined && subset !== undefined) return 'More than one constraint supplied';
  const pairs = [...(equals ?? subset ?? [])];
  if (pairs.length > MAX_PAIRS) return `A constraint has at most ${MAX_PAIRS} encryption context pairs`;
  if (pairs.some(([, value]) => value.length > MAX_VALUE)) {
    return `A value of an encryption context in a constraint has at most ${MAX_VALUE} characters`;
  }
  if (granteeServicePrincipal === undefined) return undefined;
  if (sourceArn === undefined) return 'A GranteeServicePrincipal needs a SourceArn constraint';
  return retiringPrincipal === undefined && retiringServicePrincipal === undefined
    ? 'A GranteeServicePrincipal needs a RetiringPrincipal or RetiringServicePrincipal'
    : undefined;
}

/** What of a grant its key cannot do; undefined: nothing. */
export function problemWithKey(terms: GrantTerms, key: Key): string | undefined {
  const cannot = terms.operations.filter((name) => {
    const { usage, symmetric }: NeedOfOperation = NEEDS[name as keyof typeof NEEDS];
    const isOther = symmetric !== undefined && symmetric !== isSymmetric(key);
    return isOther || (usage !== undefined && usage !== key.usage);
  });
  if (cannot.length > 0) return `A key of spec ${key.spec} and usage ${key.usage} has no ${cannot.join(', ')}`;
  const onContext = terms.encryptionContextEquals ?? terms.encryptionContextSubset;
  if (onContext === undefined || key.spec === 'SYMMETRIC_DEFAULT') return undefined;
  return 'Constraints on the encryption context are for symmetric encryption keys';
}

/** Account, user, role, federated user or assumed role. */
const PRINCIPAL_ARN =
  /^arn:([a-z-]+):(?:iam::\d{12}:(?:root|user\/.+|role\/.+)|sts::\d{12}:(?:assumed-role\/[^/]+\/[^/]+|federated-user\/.+))$/;

/** @throws Fault InvalidArnException */
export function requirePrincipal(arn: string | undefined, region: string): void {
  if (arn === undefined || PRINCIPAL_ARN.exec(arn)?.[1] === partitionOf(region)) return;
  throw faults.malformedArn('a grant is for an account, user, role, federated user or assumed role, named by its ARN');
}

/**
 * @param itself - what it may name: no other service than the caller. Left out: any
 * @throws Fault ValidationException for a caller that is no service: only those can filter grants by service principals
 */
export function requireService({ principal }: Identity, member: string, itself = principal.arn): void {
  if (principal.type === 'service' && principal.arn === itself) return;
  throw faults.unworded(
    principal.type === 'service'
      ? `${member} must be the service that calls, ${principal.arn}`
      : `only service principals can filter by ${member}`,
  );
}

const GRANT_ID_FORM = /^[0-9a-f]{64}$/;

/** @throws Fault InvalidGrantIdException or NotFoundException */
export function grantNamed(key: Key, id: string): KeyGrant {
  if (!GRANT_ID_FORM.test(id)) throw faults.invalidGrantId('a grant id has 64 hexadecimal digits');
  const grant = key.grants.get(id);
  if (grant === undefined) throw faults.grantNotFound(`${key.arn} has no grant of this id`);
  return grant;
}

/** Checked only: a dry run must not change anything. */
export function isDryRun({ DryRun }: { readonly DryRun?: boolean }): boolean {
  return DryRun === true;
}

/** A grant as the lists show it, with exactly the members that it has. */
export function grantListEntry(key: Key, { id, name, createdAt, issuingAccount, terms }: KeyGrant): object {
  const { encryptionContextEquals: equals, encryptionContextSubset: subset, sourceArn } = terms;
  const { granteePrincipal, granteeServicePrincipal, retiringPrincipal, retiringServicePrincipal } = terms;
  const constraints = {
    ...(equals && { EncryptionContextEquals: contextOf(equals) }),
    ...(subset && { EncryptionContextSubset: contextOf(subset) }),
    ...(sourceArn !== undefined && { SourceArn: sourceArn }),
  };
  return {
    ...(Object.keys(constraints).length > 0 && { Constraints: constraints }),
    CreationDate: createdAt,
    GrantId: id,
    ...(granteePrincipal !== undefined && { GranteePrincipal: granteePrincipal }),
    ...(granteeServicePrincipal !== undefined && { GranteeServicePrincipal: granteeServicePrincipal }),
    IssuingAccount: issuingAccount,
    KeyId: key.arn,
    Name: name ?? '',
    Operations: terms.operations,
    ...(retiringPrincipal !== undefined && { RetiringPrincipal: retiringPrincipal }),
    ...(retiringServicePrincipal !== undefined && { RetiringServicePrincipal: retiringServicePrincipal }),
  };
}

function contextOf(context: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries(context);
}
