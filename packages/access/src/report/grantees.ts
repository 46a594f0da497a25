import type { Caller, PolicyLayers } from '../engine/request.ts';
import type { Assembly, KeyModel } from '../model.ts';
import type { Policy, Principals } from '../policy.ts';
import { callerFor, layersFor } from '../questions.ts';
import { splitArn } from '../symbolic/arn.ts';
import { equalValues } from '../symbolic/match.ts';
import { concat, inWords, split, unknown } from '../symbolic/text.ts';
import type { Value } from '../value.ts';

/** Somebody or something that a key's policies speak about. */
export interface Grantee {
  /**
   * `account`: a whole account, which may pass the access on to its principals. `principal`: a role, user or session
   * of outside the app. `everyone`: every AWS principal (`"*"`).
   */
  readonly type: 'account' | 'role' | 'user' | 'service' | 'principal' | 'everyone';
  /** Construct path where there is one, otherwise the ARN or name. */
  readonly name: string;
  /** Construct paths of the Lambda functions that run as the role. */
  readonly functions: readonly string[];
}

/** A grantee with what the engine needs to ask about it. */
export interface Candidate {
  readonly grantee: Grantee;
  readonly caller: Caller;
  readonly layers: PolicyLayers;
}

/** The account of the key, then the principals of the app, then whom else the key policy names, in its order. */
export function candidatesFor(key: KeyModel, assembly: Assembly): { candidates: Candidate[]; problems: string[] } {
  const [, partition = 'aws'] = splitArn(key.arn) ?? [];
  const account = accountCandidate(concat(['arn:', partition, ':iam::', key.account, ':root']), key.account, key);
  const own = assembly.principals.map((principal): Candidate => {
    const functions = assembly.functions.filter(({ role }) => role === principal).map((fn) => fn.constructPath);
    const grantee = { type: principal.type, name: principal.constructPath, functions };
    return { grantee, caller: callerFor(principal), layers: layersFor(key, principal) };
  });
  const problems: string[] = [];
  const named = namedByKeyPolicy(key.keyPolicy).flatMap(({ type, value }): Candidate[] => {
    if (type === 'Service') return [serviceCandidate(value, key)];
    if (assembly.principals.some(({ arn }) => equalValues(arn, value) === 'yes')) return [];
    const candidate = foreignCandidate(value, key);
    if (candidate === undefined) problems.push(`${key.keyPolicy.name}: principal ${inWords(value)} is not known`);
    return candidate === undefined ? [] : [candidate];
  });
  const byName = new Map([account, ...own, ...named].map((one) => [`${one.grantee.type} ${one.grantee.name}`, one]));
  return { candidates: [...byName.values()], problems };
}

interface Named {
  readonly type: 'AWS' | 'Service';
  readonly value: Value;
}

function namedByKeyPolicy(policy: Policy): readonly Named[] {
  return policy.statements.flatMap(({ effect, principals, notPrincipals }): readonly Named[] => {
    if (effect === 'Deny') return [];
    // An Allow with NotPrincipal is for everyone but a few.
    return notPrincipals === undefined ? namedIn(principals) : [{ type: 'AWS', value: '*' }];
  });
}

function namedIn(principals: Principals | undefined): readonly Named[] {
  if (principals === undefined) return [];
  if (principals === '*') return [{ type: 'AWS', value: '*' }];
  return (['AWS', 'Service'] as const).flatMap((type) => (principals[type] ?? []).map((value) => ({ type, value })));
}

function serviceCandidate(service: Value, key: KeyModel): Candidate {
  const name = inWords(service);
  const grantee = { type: 'service', name, functions: [] } as const;
  return {
    grantee,
    caller: { type: 'service', service, name },
    layers: { keyPolicy: key.keyPolicy, identityPolicies: [] },
  };
}

function accountCandidate(arn: Value, account: Value, key: KeyModel): Candidate {
  const name = `account ${inWords(account)}`;
  const grantee = { type: 'account', name, functions: [] } as const;
  return {
    grantee,
    caller: { type: 'root', arn, account, name },
    layers: { keyPolicy: key.keyPolicy, identityPolicies: [] },
  };
}

/** A principal of outside the app: its IAM policies are not known. Undefined: nobody can say what the value names. */
function foreignCandidate(value: Value, key: KeyModel): Candidate | undefined {
  const name = inWords(value);
  const unread: Policy = {
    name: `identity policies of ${value === '*' ? 'everyone' : name}`,
    kind: 'identity',
    version: undefined,
    statements: [],
    unreadable: ['they are not in the app'],
  };
  const layers = { keyPolicy: key.keyPolicy, identityPolicies: [unread] };
  if (value === '*') {
    const [account, arn] = [unknown('any account'), unknown('any principal')];
    const caller = { type: 'role-session', arn, roleArn: arn, account, name: 'everyone' } as const;
    return { grantee: { type: 'everyone', name: 'everyone', functions: [] }, caller, layers };
  }
  const [, partition = 'aws', , , account = '', resource = ''] = splitArn(value) ?? [];
  if (resource === 'root') return accountCandidate(value, account, key);
  const [kind, roleName = ''] = split(resource, '/') ?? [];
  const grantee = { type: 'principal', name, functions: [] } as const;
  if (kind === 'user') return { grantee, caller: { type: 'user', arn: value, account, name }, layers };
  if (kind === 'role') {
    const arn = unknown('the session name is chosen by whoever assumes the role');
    return { grantee, caller: { type: 'role-session', arn, roleArn: value, account, name }, layers };
  }
  if (kind === 'assumed-role') {
    // A session ARN lacks the path of the role, so the role's ARN is known up to that.
    const roleArn = concat(['arn:', partition, ':iam::', account, ':role/', unknown('path of the role'), roleName]);
    return { grantee, caller: { type: 'role-session', arn: value, roleArn, account, name }, layers };
  }
  return undefined;
}
