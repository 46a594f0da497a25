import type { Decision, Reason } from '../../engine/decision.ts';
import { evaluate } from '../../engine/evaluate.ts';
import type { Assembly, KeyModel, PrincipalModel } from '../../model.ts';
import type { Policy, Statement } from '../../policy.ts';
import { callerOf, contextOfKey, layersFor } from '../../questions.ts';
import { equalValues, matchesPattern } from '../../symbolic/match.ts';
import { inWords } from '../../symbolic/text.ts';
import { coveredActions } from '../actions.ts';
import { isPositive, linesOf } from '../conditions.ts';
import { DELEGATION, key, may, role } from '../example.ts';
import { listed, namedIn } from '../named.ts';
import type { Rule, Violation } from '../rule.ts';

const TENANT = { Null: { 'kms:EncryptionContext:tenant': 'false' } };
const BY_S3 = { StringEquals: { 'kms:ViaService': { 'Fn::Sub': `s3.\${AWS::Region}.amazonaws.com` } } };

export const contextBypassed: Rule = {
  id: 'context-bypassed',
  severity: 'warning',
  title: 'Principal that is held to an encryption context, and may use the same key without one',
  why: 'The condition keeps nothing from it: what is allowed without an encryption context is allowed with any. Data under one key for several purposes is open to whoever may use the key for one of them. Granting a function the objects of a bucket, the messages of a queue or the items of a table does that, since the CDK grants the use of their key along with it.',
  trap: 'Only where one principal of the app has both on one key. What is limited in another way, such as to calls by a service, is a condition too, and left alone; so is a principal that nobody holds to an encryption context.',
  fix: 'Give the other resource a key of its own, or allow the principal only what a service does for it: a condition on kms:ViaService.',
  page: 'https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context',
  bad: {
    resources: { Key: key([DELEGATION]), Reader: role([may('kms:Decrypt', undefined, TENANT), may('kms:Decrypt')]) },
  },
  good: {
    resources: {
      Key: key([DELEGATION]),
      Reader: role([may('kms:Decrypt', undefined, TENANT), may('kms:Decrypt', undefined, BY_S3)]),
    },
  },
  check: (assembly) => assembly.principals.flatMap((principal) => violationsOf(principal, assembly)),
};

/** What an encryption context goes with, and tells anything or makes what others take for true. */
const ACTIONS = ['kms:Decrypt', 'kms:ReEncryptFrom', 'kms:GenerateDataKey', 'kms:Encrypt'];

function violationsOf(principal: PrincipalModel, { keys }: Assembly): readonly Violation[] {
  return keys.flatMap((one) => {
    const held = heldTo(principal, one);
    if (held === undefined) return [];
    const free = ACTIONS.flatMap((action) => {
      const decision = decide(principal, one, action);
      return decision.verdict === 'allowed' ? [{ action, by: whatAllows(decision) }] : [];
    });
    return free.length === 0 ? [] : [violation(principal, one, held, free)];
  });
}

type Held = { readonly policy: Policy; readonly statement: Statement };

/** The statement that allows this principal by name the use of this key under an encryption context. */
function heldTo(principal: PrincipalModel, one: KeyModel): Held | undefined {
  const own = principal.identityPolicies
    .flatMap(asking)
    .find(({ statement }) => statement.resources.some((resource) => matchesPattern(resource, one.arn) === 'yes'));
  const named = asking(one.keyPolicy).find(({ statement }) =>
    namedIn(statement.principals).some(({ value }) => equalValues(value, principal.arn) === 'yes'),
  );
  return own ?? named;
}

const ASKING = new WeakMap<Policy, readonly Held[]>();

/** The statements of a policy that allow under an encryption context; few policies have any. */
function asking(policy: Policy): readonly Held[] {
  const known = ASKING.get(policy);
  if (known !== undefined) return known;
  const found = policy.statements.filter((one) => one.effect === 'Allow' && asksForContext(one) && usesData(one));
  const held = found.map((statement) => ({ policy, statement }));
  ASKING.set(policy, held);
  return held;
}

/** Not one that allows to hand on the use of the key, and no use. */
function usesData(statement: Statement): boolean {
  return coveredActions(statement).some((action) => ACTIONS.includes(action));
}

function asksForContext(statement: Statement): boolean {
  return linesOf(statement).some((line) => {
    if (!/^kms:encryptioncontext(:|keys$)/.test(line.key)) return false;
    return isPositive(line) || line.set !== undefined || line.condition.values.includes('false');
  });
}

function decide(principal: PrincipalModel, one: KeyModel, action: string): Decision {
  const asked = { caller: callerOf(principal), resource: one.arn, resourceAccount: one.account, open: true };
  return evaluate({ ...asked, action, context: contextOfKey(one) }, layersFor(one, principal));
}

/** The statement that gave it, rather than the one that lets policies of the account give it. */
function whatAllows({ reasons }: Decision): Reason | undefined {
  return reasons.findLast(({ statement }) => statement?.effect === 'Allow');
}

function violation(
  principal: PrincipalModel,
  one: KeyModel,
  { policy, statement }: Held,
  free: readonly { readonly action: string; readonly by: Reason | undefined }[],
): Violation {
  const by = free.find(({ by }) => by !== undefined)?.by;
  const actions = listed(free.map(({ action }) => action));
  const may = `${principal.constructPath} is allowed ${actions} under ${inWords(one.constructPath)} without encryption context`;
  const message = `${may}, though statement ${statement.index} of ${policy.name} holds it to one`;
  return { at: principal, message, ...(by?.policy && by.statement && { policy: by.policy, statement: by.statement }) };
}
