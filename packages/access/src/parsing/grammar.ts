import type { PolicyKind } from '../policy.ts';
import { type Findings, type Json, shown } from './findings.ts';

const MEMBERS: ReadonlySet<string> = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]);

interface Grammar {
  readonly principal: boolean;
  readonly action: boolean;
  readonly resource: boolean | 'optional';
}

/** What each kind of policy asks of a statement. KMS accepts a statement without Action or Resource; IAM does not. */
const GRAMMAR: Readonly<Record<PolicyKind, Grammar>> = {
  key: { principal: true, action: false, resource: 'optional' },
  trust: { principal: true, action: true, resource: false },
  identity: { principal: false, action: true, resource: true },
  boundary: { principal: false, action: true, resource: true },
  session: { principal: false, action: true, resource: true },
  'service-control': { principal: false, action: true, resource: true },
  'resource-control': { principal: true, action: true, resource: true },
  endpoint: { principal: true, action: true, resource: true },
};

/** Notes members that a statement of the kind may not have, and those that it lacks. */
export function checkMembers(json: Json, at: string, kind: PolicyKind, { problems }: Findings): void {
  const has = (member: string) => json[member] !== undefined;
  for (const member of Object.keys(json)) {
    if (!MEMBERS.has(member)) problems.push(`${at}: unknown member ${shown(member)}`);
  }
  for (const member of ['Principal', 'Action', 'Resource']) {
    if (has(member) && has(`Not${member}`)) problems.push(`${at}: has both ${member} and Not${member}; use one`);
  }
  const grammar = GRAMMAR[kind];
  const principal = has('Principal') || has('NotPrincipal');
  if (grammar.principal && !principal) {
    problems.push(`${at}: Principal is missing: a ${kind} policy must say who`);
  }
  if (!grammar.principal && principal) problems.push(`${at}: Principal is not allowed in ${kind} policies`);
  if (grammar.action && !has('Action') && !has('NotAction')) problems.push(`${at}: Action is missing`);
  const resource = has('Resource') || has('NotResource');
  if (grammar.resource === true && !resource) problems.push(`${at}: Resource is missing`);
  if (grammar.resource === false && resource) problems.push(`${at}: Resource is not allowed in ${kind} policies`);
}
