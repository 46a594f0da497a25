import type { Policy, Principals, Statement } from '../policy.ts';
import { arnText } from '../symbolic/arn-pattern.ts';
import { keyTruth } from './allow.ts';
import type { Decision } from './decision.ts';
import { denials, deniersOf } from './deny.ts';
import { decisionOf } from './evaluate.ts';
import { type Facts, factsOf } from './facts.ts';
import type { Caller, KmsRequest, PolicyLayers } from './request.ts';
import type { Question } from './statement.ts';
import { allOf } from './truth.ts';

/** Permissions by which somebody becomes a role, with their prefix. */
export type TrustAction =
  | 'sts:AssumeRole'
  | 'sts:AssumeRoleWithWebIdentity'
  | 'sts:TagSession'
  | 'sts:SetSourceIdentity';

/** Somebody whom an OpenID Connect provider vouches for, and who is nobody in IAM. */
export interface WebIdentity {
  readonly type: 'web-identity';
  /** ARN of the provider as IAM knows it: `arn:aws:iam::<account>:oidc-provider/<issuer without https://>`. */
  readonly provider: string;
}

/** Whether somebody may become a role. */
export interface TrustRequest {
  readonly action: TrustAction;
  readonly caller: Exclude<Caller, { readonly type: 'service' }> | WebIdentity;
  /** ARN of the role. */
  readonly role: string;
  readonly roleAccount: string;
  /** Condition keys with their values; the context is complete. */
  readonly context: KmsRequest['context'];
}

/** Every policy that may speak about it. */
export interface TrustLayers extends Omit<PolicyLayers, 'keyPolicy' | 'grants' | 'identityPolicies'> {
  readonly trustPolicy: Policy;
  /** Of the caller; a web identity has none. */
  readonly identityPolicies: readonly Policy[];
}

/**
 * Decides whether somebody may become a role. A trust policy is to its role what a key policy is to its key: without its
 * consent nobody becomes the role, and where it names an account, the IAM policies of the caller decide as well. So the
 * rules are those for keys.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_compare-resource-policies.html
 */
export function evaluateTrust(request: TrustRequest, { trustPolicy, ...rest }: TrustLayers): Decision {
  const { question, about } = questionOf(request);
  const layers: PolicyLayers = { ...rest, keyPolicy: aboutCaller(trustPolicy, about) };
  const denied = denials(deniersOf(layers, question.request, true), question);
  if (denied.explicit !== undefined) return decisionOf(denied);
  return decisionOf({ explicit: undefined, truth: allOf([keyTruth(question, layers), ...denied.spared]) });
}

function questionOf({ action, caller, role, roleAccount, context }: TrustRequest): {
  readonly question: Question;
  readonly about: WebIdentity | undefined;
} {
  const about = caller.type === 'web-identity' ? caller : undefined;
  const request: KmsRequest = {
    action,
    caller: caller.type === 'web-identity' ? standIn(caller, roleAccount) : caller,
    resource: role,
    resourceAccount: roleAccount,
    context,
  };
  const facts = factsOf(request);
  const question: Question = {
    request,
    rule: { action, crossAccount: true, resource: 'key', grantable: false, onAccount: false },
    action: action.toLowerCase(),
    resource: role,
    arn: arnText(role),
    facts: about === undefined ? facts : withoutPrincipal(facts, context),
  };
  return { question, about };
}

/** Nobody in IAM: what the engine calls a user here has neither policies nor an account of its own. */
function standIn({ provider }: WebIdentity, account: string): Caller {
  return { type: 'user', arn: provider, account, name: `a web identity of ${provider}` };
}

const OF_PRINCIPAL = /^(?:aws:principal|aws:username$|kms:)/;

function withoutPrincipal(facts: Facts, context: KmsRequest['context']): Facts {
  const given = new Set(Object.keys(context).map((name) => name.toLowerCase()));
  return (name) => (OF_PRINCIPAL.test(name) && !given.has(name) ? 'absent' : facts(name));
}

/** Trust policies name no resource: they are about their role. */
const READ = new WeakMap<Policy, Map<string, Policy>>();

function aboutCaller(policy: Policy, about: WebIdentity | undefined): Policy {
  const made = READ.get(policy) ?? new Map<string, Policy>();
  READ.set(policy, made);
  const name = about?.provider ?? '';
  const known = made.get(name);
  if (known !== undefined) return known;
  const statements = policy.statements.flatMap((statement): Statement[] => {
    const own: Statement = { ...statement, resources: ['*'], notResources: undefined };
    if (about === undefined) return [own];
    return namesProvider(statement, about) ? [{ ...own, principals: '*', notPrincipals: undefined }] : [];
  });
  const read = { ...policy, statements };
  made.set(name, read);
  return read;
}

function namesProvider({ principals, notPrincipals }: Statement, { provider }: WebIdentity): boolean {
  if (notPrincipals !== undefined) return !lists(notPrincipals, provider);
  return principals !== undefined && lists(principals, provider);
}

function lists(principals: Principals, provider: string): boolean {
  if (principals === '*' || principals.AWS?.includes('*')) return true;
  return principals.Federated?.includes(provider) ?? false;
}
