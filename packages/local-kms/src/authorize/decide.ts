import { type Decision, evaluate, type Grant, type Policy, type PolicyLayers } from '@cdk-keysmith/access';
import { callerOf, type Identity, type Principal } from '../identity/principal.ts';
import type { Organization } from '../organization/organization.ts';
import type { Key } from '../state/key.ts';
import { contextKeys } from './context-keys.ts';
import type { Question } from './question.ts';

/** Asks the engine, with every policy that speaks about the call and with every condition key of the request. */
export function decide(
  question: Question,
  resource: string,
  keyPolicy: Policy | undefined,
  organization: Organization,
): Decision {
  const { action, identity, target, grantId, claims } = question;
  const { account } = identity.principal;
  const resourceAccount = target?.key.account ?? account;
  return evaluate(
    {
      action,
      caller: callerOf(identity),
      resource,
      resourceAccount,
      context: contextKeys(question),
      ...(grantId !== undefined && { grantId }),
    },
    {
      ...callerLayers(identity),
      ...organization.controls(account, resourceAccount),
      keyPolicy,
      grants: target === undefined ? [] : grantsOf(target.key, question),
      ...(claims.endpoint !== undefined && { endpointPolicy: claims.endpoint.policy }),
    },
  );
}

/** The grants that can matter: for RetireGrant the one that is asked about, else those that may be for the caller. */
function grantsOf({ grants }: Key, { identity, grantId }: Question): readonly Grant[] {
  if (grantId !== undefined) {
    const asked = grants.get(grantId);
    return asked === undefined ? [] : [asked.grant];
  }
  const { principal, session } = identity;
  const arns = session === undefined ? [principal.arn] : [session.arn, principal.arn];
  return grants.for(arns, principal.account);
}

type CallerLayers = Pick<PolicyLayers, 'identityPolicies' | 'permissionsBoundary' | 'sessionPolicies'>;

/** The policies of a caller itself. */
export function callerLayers({ principal, session }: Identity): CallerLayers {
  return {
    identityPolicies: identityPoliciesOf(principal),
    ...(principal.permissionsBoundary && { permissionsBoundary: principal.permissionsBoundary }),
    sessionPolicies: session?.policies ?? [],
  };
}

const IDENTITY_POLICIES = new WeakMap<Principal, readonly Policy[]>();

function identityPoliciesOf(principal: Principal): readonly Policy[] {
  const { identityPolicies, unknownPolicies } = principal;
  const made = IDENTITY_POLICIES.get(principal) ?? [...identityPolicies, ...unreadable(unknownPolicies)];
  IDENTITY_POLICIES.set(principal, made);
  return made;
}

/** An attached policy without its text may allow or deny anything: the engine then says that it does not know. */
function unreadable(names: readonly string[]): readonly Policy[] {
  return names.map((name) => ({
    name: `policy ${name}`,
    kind: 'identity',
    version: undefined,
    statements: [],
    unreadable: [`the text of policy ${name} is not in the app`],
  }));
}
