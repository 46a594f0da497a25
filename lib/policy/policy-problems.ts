import { Token } from 'aws-cdk-lib';
import { problems } from '../private/rules';
import type { KeyKind } from './key-uses';
import { carriesContext, KEY_ACTIONS, unsuitedAction } from './kms-actions';
import { principalArnProblems } from './principals';

/** Bytes of a key policy. */
const MAX_BYTES = 32_768;

/** A statement of a resolved policy; values that are known at deployment only are objects. */
interface Statement {
  readonly Sid?: string;
  readonly Effect?: string;
  readonly Principal?: unknown;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Resource?: unknown;
  readonly Condition?: Record<string, Record<string, unknown>>;
}

/** Keys by which a statement for everybody is kept to known accounts, resources or an organization. */
const NARROWING_KEYS =
  /^(aws:(PrincipalOrgID|PrincipalOrgPaths|PrincipalAccount|PrincipalArn|SourceAccount|SourceArn|SourceOrgID|SourceVpc|SourceVpce)|kms:CallerAccount)$/i;

/** Operators that hold for what is named alone: no negated one, and none that holds when the key is absent. */
const NARROWING_OPERATORS = /^(ForAnyValue:)?(StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike)$/i;

/** The actions whose requests carry an encryption context, in lower case. */
const CARRYING = new Set(
  Object.keys(KEY_ACTIONS)
    .filter((name) => carriesContext(name))
    .map((name) => `kms:${name}`.toLowerCase()),
);

/** What is wrong with a key policy in the form that the template gives it. */
export function policyProblems(policy: unknown, kind: KeyKind, mayLockOut: boolean): string[] {
  const { Statement = [] } = (policy ?? {}) as { Statement?: Statement[] };
  const text = JSON.stringify(policy) ?? '';
  return [
    ...sizeProblems(policy, text),
    ...characterProblems(text),
    ...Statement.flatMap((statement, index) =>
      statementProblems(statement, kind).map((text) => `key policy, ${nameOf(statement, index)}: ${text}`),
    ),
    ...(mayLockOut ? [] : lockoutProblems(Statement)),
  ];
}

function nameOf({ Sid }: Statement, index: number): string {
  return Sid === undefined ? `statement ${index + 1}` : `statement ${JSON.stringify(Sid)}`;
}

function sizeProblems(policy: unknown, text: string): string[] {
  // Each character is a byte, or is reported as one that KMS does not take.
  if (text.length <= MAX_BYTES) {
    return [];
  }
  // What is known at deployment only counts as nothing: a policy that is refused here is too long in any case.
  const known = JSON.stringify(policy, (_name, value) => (isIntrinsic(value) ? '' : value)) ?? '';
  const bytes = Buffer.byteLength(known, 'latin1');
  return problems([
    {
      when: bytes > MAX_BYTES,
      message: `key policy of at least ${bytes} bytes: KMS takes at most ${MAX_BYTES}; name fewer principals, for instance one role that several people assume, or give permissions by IAM policies`,
    },
  ]);
}

function characterProblems(text: string): string[] {
  const bad = [...new Set(text.match(/[^\t\n\r\u0020-\u00ff]/gu) ?? [])];
  return problems([
    {
      when: bad.length > 0,
      message: `key policy with the characters ${bad
        .slice(0, 5)
        .map((character) => JSON.stringify(character))
        .join(', ')}: KMS takes tab, line feed, carriage return and U+0020 to U+00FF; write it with those`,
    },
  ]);
}

function statementProblems(statement: Statement, kind: KeyKind): string[] {
  return [
    ...actionProblems(statement, kind),
    ...resourceProblems(statement),
    ...conditionProblems(statement, kind),
    ...principalsProblems(statement),
  ];
}

function actionProblems({ Action, Effect }: Statement, kind: KeyKind): string[] {
  const actions = strings(Action);
  return actions.flatMap((action) => {
    const unsuited = unsuitedAction(action, kind.usage, kind.symmetric);
    // Denying what the key cannot do is harmless; denying what does not exist is a mistake that leaves a door open.
    const applies = Effect !== 'Deny' || unsuited?.includes('does not suit') !== true;
    return problems([
      { when: unsuited !== undefined && applies, message: `action ${JSON.stringify(action)} ${unsuited}` },
    ]);
  });
}

function resourceProblems({ Resource, Effect }: Statement): string[] {
  return strings(Resource).flatMap((resource) =>
    problems([
      {
        when: Effect === 'Allow' && !resource.includes('*') && !/^arn:[^:]*:kms:[^:]*:[^:]*:key\//.test(resource),
        message: `resource ${JSON.stringify(resource)} is not this key, so the statement would never match; write "*", which in a key policy is the key itself`,
      },
    ]),
  );
}

function conditionProblems({ Action, Condition = {}, Effect }: Statement, kind: KeyKind): string[] {
  const asks = Object.entries(Condition).some(
    ([operator, keys]) =>
      !/Not|IfExists|ForAllValues/.test(operator) &&
      Object.entries(keys).some(
        ([key, value]) => /^kms:EncryptionContext(:|Keys$)/i.test(key) && !(operator === 'Null' && value === 'true'),
      ),
  );
  if (!asks) {
    return [];
  }
  const actions = strings(Action).map((action) => action.toLowerCase());
  const some = actions.some((action) => action.includes('*') || CARRYING.has(action));
  return problems([
    {
      when: Effect === 'Allow' && !some && actions.length > 0,
      message:
        'its condition on the encryption context never holds, because none of its actions carries one; take the condition off',
    },
    {
      when: Effect === 'Allow' && !(kind.symmetric && kind.usage === 'ENCRYPT_DECRYPT'),
      message:
        'its condition on the encryption context never holds, because only symmetric encryption keys take an encryption context; take the condition off',
    },
  ]);
}

function principalsProblems({ Principal, Condition = {}, Effect }: Statement): string[] {
  if (Effect !== 'Allow') {
    return [];
  }
  const narrowed = narrows(Condition);
  const { AWS, CanonicalUser } = (Principal ?? {}) as { AWS?: unknown; CanonicalUser?: unknown };
  const arns = Principal === '*' ? ['*'] : texts(AWS);
  return [
    ...arns
      .filter((arn) => !(arn === '*' && narrowed))
      .flatMap((arn) => principalArnProblems(`principal ${JSON.stringify(arn)}`, arn)),
    ...problems([
      {
        when: CanonicalUser !== undefined,
        message: `principal CanonicalUser ${JSON.stringify(CanonicalUser)}: only S3 knows canonical users; name the account, a role or a user`,
      },
    ]),
  ];
}

function narrows(condition: Record<string, Record<string, unknown>>): boolean {
  return Object.entries(condition).some(
    ([operator, keys]) =>
      NARROWING_OPERATORS.test(operator) &&
      Object.entries(keys).some(([key, value]) => NARROWING_KEYS.test(key) && !strings(value).some(isAnything)),
  );
}

function isAnything(value: string): boolean {
  return /^\*+$/.test(value);
}

function lockoutProblems(statements: readonly Statement[]): string[] {
  const changes = statements.filter(({ Action, NotAction }) =>
    NotAction === undefined ? strings(Action).some(coversPutKeyPolicy) : !strings(NotAction).some(coversPutKeyPolicy),
  );
  const allowed = changes.some(({ Effect, Principal }) => Effect === 'Allow' && hasIdentity(Principal));
  const denied = changes.some(
    ({ Effect, Principal, Condition }) =>
      Effect === 'Deny' &&
      Condition === undefined &&
      (Principal === '*' || strings((Principal as { AWS?: unknown })?.AWS).includes('*')),
  );
  return problems([
    {
      when: !allowed || denied,
      message:
        'nobody could change the key policy any more, which KMS refuses; name administrators, or use AccountDelegation.ADMINISTRATION',
    },
  ]);
}

function coversPutKeyPolicy(action: string): boolean {
  if (!/[*?]/.test(action)) {
    return action.toLowerCase() === 'kms:putkeypolicy';
  }
  const expression = action
    .toLowerCase()
    .replace(/[^a-z*?:]/g, '')
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${expression}$`).test('kms:putkeypolicy');
}

function hasIdentity(principal: unknown): boolean {
  return (
    principal === '*' ||
    (typeof principal === 'object' && principal !== null && ('AWS' in principal || 'Federated' in principal))
  );
}

/** The strings among one or many values: others are known at deployment only, and passed over. */
function strings(value: unknown): string[] {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((one): one is string => typeof one === 'string' && !Token.isUnresolved(one));
}

/** The same, and strings of which a part is known at deployment only, with a sign in the place of that part. */
function texts(value: unknown): string[] {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.flatMap((one) => {
    const [delimiter, parts] = (one as { 'Fn::Join'?: unknown[] } | undefined)?.['Fn::Join'] ?? [];
    if (delimiter !== '' || !Array.isArray(parts)) {
      return strings(one);
    }
    return [parts.map((part) => (typeof part === 'string' ? part : '<known at deployment>')).join('')];
  });
}

function isIntrinsic(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return false;
  }
  const [name, ...others] = Object.keys(value);
  return others.length === 0 && name !== undefined && (name === 'Ref' || name.startsWith('Fn::'));
}
