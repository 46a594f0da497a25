import type { Decision, PolicyKind } from '@cdk-keysmith/access';

/** What KMS calls each kind of policy in a denial. */
const KINDS: Readonly<Record<PolicyKind, string>> = {
  key: 'resource-based policy',
  trust: 'resource-based policy',
  identity: 'identity-based policy',
  boundary: 'permissions boundary',
  session: 'session policy',
  'service-control': 'service control policy',
  'resource-control': 'resource control policy',
  endpoint: 'VPC endpoint policy',
};

/** Kinds of policies that said nothing, by the reason that the engine gives; the first reason that is here decides. */
const SILENT = new Map<string, PolicyKind>([
  ['no-key-policy-allow', 'key'],
  ['operation-not-cross-account', 'key'],
  ['no-identity-policy-allow', 'identity'],
  ['boundary-silent', 'boundary'],
  ['session-policy-silent', 'session'],
]);

/**
 * A denial in KMS's own words. It says which kind of policy decided and no more: the reasons are for the owner of the
 * policies, in the event.
 */
export function denialText(caller: string, action: string, resource: string, decision: Decision): string {
  const who = `User: ${caller} is not authorized to perform: ${action} on resource: ${resource}`;
  const kind = decidingKind(decision);
  return decision.explicitDeny
    ? `${who} with an explicit deny in ${kind === 'identity' ? 'an' : 'a'} ${KINDS[kind]}`
    : `${who} because no ${KINDS[kind]} allows the ${action} action`;
}

/** The text for a resource of another account that does not exist: the same as for one that may not be used. */
export function hiddenText(caller: string, action: string, resource: string): string {
  return `User: ${caller} is not authorized to perform: ${action} on resource: ${resource} because no ${KINDS.key} allows the ${action} action`;
}

function decidingKind({ explicitDeny, reasons }: Decision): PolicyKind {
  if (explicitDeny) return reasons[0]?.policy?.kind ?? 'identity';
  for (const { code, policy } of reasons) {
    const kind = SILENT.get(code) ?? (code === 'condition-not-met' ? policy?.kind : undefined);
    if (kind !== undefined) return kind;
  }
  return 'identity';
}
