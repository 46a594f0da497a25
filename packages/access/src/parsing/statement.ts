import type { Condition, PolicyKind, Principals, PrincipalType, Statement } from '../policy.ts';
import { concat, partsOf } from '../symbolic/text.ts';
import type { Value } from '../value.ts';
import { type Findings, isObject, isValue, type Json, listOf, noteUnknown, shown } from './findings.ts';

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

const PRINCIPAL_TYPES: readonly PrincipalType[] = ['AWS', 'Service', 'Federated', 'CanonicalUser'];

/** What each kind of policy asks of a statement. KMS accepts a statement without Action or Resource; IAM does not. */
const GRAMMAR: Readonly<Record<PolicyKind, { principal: boolean; action: boolean; resource: boolean | 'optional' }>> = {
  key: { principal: true, action: false, resource: 'optional' },
  trust: { principal: true, action: true, resource: false },
  identity: { principal: false, action: true, resource: true },
  boundary: { principal: false, action: true, resource: true },
  session: { principal: false, action: true, resource: true },
  'service-control': { principal: false, action: true, resource: true },
  'resource-control': { principal: true, action: true, resource: true },
  endpoint: { principal: true, action: true, resource: true },
};

/** Undefined when a mistake, or a part that only deployment knows, leaves nothing to decide with. */
export function readStatement(
  json: unknown,
  index: number,
  kind: PolicyKind,
  findings: Findings,
): Statement | undefined {
  const at = `Statement ${index}`;
  if (noteUnknown(json, at, findings)) return undefined;
  if (!isObject(json)) {
    findings.problems.push(`${at} must be an object, not ${shown(json)}`);
    return undefined;
  }
  const before = findings.problems.length + findings.unreadable.length;
  checkMembers(json, at, kind, findings);
  const effect = json['Effect'];
  if (!noteUnknown(effect, `${at}: Effect`, findings) && effect !== 'Allow' && effect !== 'Deny') {
    findings.problems.push(`${at}: Effect must be "Allow" or "Deny", not ${shown(effect)}`);
  }
  const statement: Statement = {
    index,
    sid: typeof json['Sid'] === 'string' ? json['Sid'] : undefined,
    effect: effect === 'Deny' ? 'Deny' : 'Allow',
    principals: readPrincipals(json['Principal'], `${at}: Principal`, findings),
    notPrincipals: readPrincipals(json['NotPrincipal'], `${at}: NotPrincipal`, findings),
    actions: readActions(json['Action'], `${at}: Action`, findings),
    notActions:
      json['NotAction'] === undefined ? undefined : readActions(json['NotAction'], `${at}: NotAction`, findings),
    resources: readValues(json['Resource'], `${at}: Resource`, findings),
    notResources:
      json['NotResource'] === undefined ? undefined : readValues(json['NotResource'], `${at}: NotResource`, findings),
    conditions: readConditions(json['Condition'], `${at}: Condition`, findings),
  };
  return findings.problems.length + findings.unreadable.length === before ? statement : undefined;
}

function checkMembers(json: Json, at: string, kind: PolicyKind, { problems }: Findings): void {
  const has = (member: string) => json[member] !== undefined;
  for (const member of Object.keys(json)) {
    if (!MEMBERS.has(member)) problems.push(`${at}: unknown member ${shown(member)}`);
  }
  for (const member of ['Principal', 'Action', 'Resource']) {
    if (has(member) && has(`Not${member}`)) problems.push(`${at}: has both ${member} and Not${member}; use one`);
  }
  const grammar = GRAMMAR[kind];
  const principal = has('Principal') || has('NotPrincipal');
  if (grammar.principal && !principal) problems.push(`${at}: Principal is missing: a ${kind} policy must say who`);
  if (!grammar.principal && principal) problems.push(`${at}: Principal is not allowed in ${kind} policies`);
  if (grammar.action && !has('Action') && !has('NotAction')) problems.push(`${at}: Action is missing`);
  const resource = has('Resource') || has('NotResource');
  if (grammar.resource === true && !resource) problems.push(`${at}: Resource is missing`);
  if (grammar.resource === false && resource) problems.push(`${at}: Resource is not allowed in ${kind} policies`);
}

function readValues(json: unknown, at: string, findings: Findings): readonly Value[] {
  return listOf(json).flatMap((value) => {
    if (isValue(value)) return [value];
    findings.problems.push(`${at} must be a string or a list of strings, not ${shown(value)}`);
    return [];
  });
}

function readActions(json: unknown, at: string, findings: Findings): readonly Value[] {
  const actions = readValues(json, at, findings);
  for (const action of actions) {
    if (typeof action === 'string' && action !== '*' && !/^[^:]+:.+$/.test(action)) {
      findings.problems.push(`${at} must be "*" or <service>:<action> such as "kms:Decrypt", not ${shown(action)}`);
    }
  }
  return actions;
}

function readPrincipals(json: unknown, at: string, findings: Findings): Principals | undefined {
  if (json === undefined || json === '*') return json;
  if (noteUnknown(json, at, findings)) return undefined;
  if (!isObject(json)) {
    findings.problems.push(`${at} must be "*" or an object such as {"AWS": "<ARN>"}, not ${shown(json)}`);
    return undefined;
  }
  const principals: Partial<Record<PrincipalType, readonly Value[]>> = {};
  for (const [name, values] of Object.entries(json)) {
    const type = PRINCIPAL_TYPES.find((candidate) => candidate === name);
    if (type === undefined) {
      findings.problems.push(`${at}: unknown type ${shown(name)}: allowed are ${PRINCIPAL_TYPES.join(', ')}`);
      continue;
    }
    const read = readValues(values, `${at}.${type}`, findings);
    principals[type] = type === 'AWS' ? read.map(accountAsArn) : read;
  }
  return principals;
}

/** IAM stores an account number as the ARN of the account's root. The partition takes no part in comparisons. */
function accountAsArn(principal: Value): Value {
  const [part, more] = partsOf(principal);
  const isAccount =
    typeof part === 'string' ? /^\d{12}$/.test(part) : part?.kind === 'pseudo' && part.name === 'AWS::AccountId';
  return isAccount && more === undefined ? concat(['arn:aws:iam::', principal, ':root']) : principal;
}

function readConditions(json: unknown, at: string, findings: Findings): readonly Condition[] {
  if (json === undefined || noteUnknown(json, at, findings)) return [];
  if (!isObject(json)) {
    findings.problems.push(`${at} must be an object, not ${shown(json)}`);
    return [];
  }
  return Object.entries(json).flatMap(([operator, keys]) => {
    if (noteUnknown(keys, `${at}.${operator}`, findings)) return [];
    if (!isObject(keys)) {
      findings.problems.push(`${at}.${operator} must be an object of condition keys, not ${shown(keys)}`);
      return [];
    }
    return Object.entries(keys).map(([key, values]) => ({
      operator,
      key,
      values: readConditionValues(values, `${at}.${operator}.${key}`, findings),
    }));
  });
}

function readConditionValues(json: unknown, at: string, findings: Findings): readonly Value[] {
  return listOf(json).flatMap((value) => {
    if (isValue(value)) return [value];
    if (typeof value === 'boolean' || typeof value === 'number') return [String(value)];
    findings.problems.push(`${at} must be a string, a number, a boolean or a list of them, not ${shown(value)}`);
    return [];
  });
}
