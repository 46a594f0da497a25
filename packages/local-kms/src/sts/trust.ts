import { type Decision, evaluateTrust, type TrustAction, type TrustRequest } from '@cdk-keysmith/access';
import type { Circumstances } from '../authorize/circumstances.ts';
import { callerLayers } from '../authorize/decide.ts';
import { addGlobalKeys, addTo, emptyContext } from '../authorize/global-keys.ts';
import type { DecisionRecord } from '../events/event.ts';
import { arnOf, callerOf, type Identity, type Principal } from '../identity/principal.ts';
import { faults } from '../wire/texts.ts';
import type { World } from '../world.ts';
import type { SessionParameters } from './session-parameters.ts';

type Context = TrustRequest['context'];

/** What a request to become a role tells about itself, beside who makes it. */
export interface TrustQuestion {
  readonly action: 'sts:AssumeRole' | 'sts:AssumeRoleWithWebIdentity';
  readonly roleArn: string;
  readonly parameters: SessionParameters;
  /** How a denial calls the caller. */
  readonly who: string;
  readonly caller: TrustRequest['caller'];
  readonly context: Context;
  /** Undefined: a web identity. */
  readonly identity: Identity | undefined;
}

/** A role that may be assumed, and why. */
export interface Trusted {
  readonly role: Principal;
  readonly decision: DecisionRecord | undefined;
}

/**
 * The role of a request, if the caller may become it. One that does not exist is denied like one that may not be assumed,
 * as STS does.
 *
 * @throws Fault AccessDeniedException
 */
export function requireTrust(question: TrustQuestion, world: World): Trusted {
  const { action, roleArn, who } = question;
  const role = world.identities.principals.find((one) => one.type === 'role' && one.arn === roleArn);
  const denied = (needed: string, reason: string) =>
    faults.accessDenied(
      `User: ${who} is not authorized to perform: ${needed} on resource: ${roleArn.slice(0, 2048)}`,
      reason,
    );
  if (role === undefined) throw denied(action, 'the app has no role with this ARN');
  if (world.mode === 'off') return { role, decision: undefined };
  const decisions = neededActions(question).map((one) => ({
    action: one,
    decision: decideTrust(one, role, question, world),
  }));
  const refused = decisions.find(({ decision }) => decision.verdict !== 'allowed');
  const reasons = decisions.flatMap(({ decision }) => decision.reasons.map(({ text }) => text));
  if (refused === undefined) return { role, decision: { verdict: 'allowed', reasons } };
  const why = refused.decision.reasons.map(({ text }) => text);
  if (world.mode === 'enforce') throw denied(refused.action, why.join('; '));
  const verdict = refused.decision.verdict === 'unknown' ? 'unknown' : 'denied';
  return { role, decision: { verdict, reasons: why, wouldHaveBeenDenied: true } };
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_permissions-required */
function neededActions({ action, parameters: { tags, sourceIdentity } }: TrustQuestion): readonly TrustAction[] {
  return [
    action,
    ...(tags.size > 0 ? (['sts:TagSession'] as const) : []),
    ...(sourceIdentity !== undefined ? (['sts:SetSourceIdentity'] as const) : []),
  ];
}

function decideTrust(
  action: TrustAction,
  role: Principal,
  { caller, context, parameters, identity }: TrustQuestion,
  { organization }: World,
): Decision {
  const { trustPolicy } = role;
  if (trustPolicy === undefined) {
    const text = `${role.arn} has no trust policy`;
    return { verdict: 'denied', explicitDeny: false, reasons: [{ code: 'no-key-policy-allow', text }], residual: [] };
  }
  const controls = organization.controls(identity?.principal.account ?? role.account, role.account);
  return evaluateTrust(
    {
      action,
      caller,
      role: role.arn,
      roleAccount: role.account,
      context: { ...context, ...parameterKeys(parameters), ...roleKeys(role, organization.id) },
    },
    {
      trustPolicy,
      ...(identity === undefined ? { identityPolicies: [] } : callerLayers(identity)),
      resourceControlPolicies: controls.resourceControlPolicies,
      // A web identity is in no account, and the organization limits nobody outside of it.
      ...(identity !== undefined && { serviceControlPolicies: controls.serviceControlPolicies }),
    },
  );
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html */
function parameterKeys({ name, tags, transitiveTagKeys, sourceIdentity, externalId }: SessionParameters): Context {
  const keys = emptyContext();
  addTo(keys, 'sts:RoleSessionName', name);
  addTo(keys, 'sts:ExternalId', externalId);
  addTo(keys, 'sts:SourceIdentity', sourceIdentity);
  addTo(keys, 'aws:RequestTag/', tags);
  addTo(keys, 'aws:TagKeys', tags.size === 0 ? undefined : [...tags.keys()]);
  addTo(keys, 'sts:TransitiveTagKeys', transitiveTagKeys.length === 0 ? undefined : transitiveTagKeys);
  return keys;
}

function roleKeys({ tags, account }: Principal, organizationId: string | undefined): Context {
  const keys = emptyContext();
  addTo(keys, 'aws:ResourceTag/', tags);
  addTo(keys, 'iam:ResourceTag/', tags);
  addTo(keys, 'aws:ResourceAccount', account);
  addTo(keys, 'aws:ResourceOrgID', organizationId);
  return keys;
}

/** The question of a caller who signed. */
export function questionOfCaller(
  roleArn: string,
  parameters: SessionParameters,
  circumstances: Circumstances,
): TrustQuestion {
  const { identity } = circumstances;
  const caller = callerOf(identity);
  if (caller.type === 'service') throw new TypeError('services are refused before');
  const context = emptyContext();
  addGlobalKeys(context, circumstances);
  return { action: 'sts:AssumeRole', roleArn, parameters, who: arnOf(identity), caller, context, identity };
}
