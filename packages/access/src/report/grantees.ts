import type { Caller, KmsRequest, PolicyLayers } from '../engine/request.ts';
import type { Assembly, KeyModel, PrincipalModel, SourcePosition } from '../model.ts';
import type { Policy, Principals } from '../policy.ts';
import {
  callerOf,
  contextOfKey,
  contextOfPrincipal,
  everyLayerFor,
  sessionArnOf,
  withSharedLayers,
} from '../questions.ts';
import { splitArn } from '../symbolic/arn.ts';
import { equalValues } from '../symbolic/match.ts';
import { concat, inWords, split, unknown } from '../symbolic/text.ts';
import type { Value } from '../value.ts';
import { peopleOf } from './people.ts';

/**
 * Where in a report somebody stands. `account`: the key's own account, and principals of it that the app does not declare.
 * `app`: roles and users of the app. `other account`: accounts that are not certainly the key's own, and principals there.
 */
export type Section = 'account' | 'app' | 'service' | 'other account' | 'everyone';

/** Somebody or something that a key's policies, or grants on it, speak about. */
export interface Grantee {
  /**
   * `account`: a whole account, which may pass the access on to its principals. `principal`: a role, user or session
   * of outside the app. `everyone`: every AWS principal (`"*"`).
   */
  readonly type: 'account' | 'role' | 'user' | 'service' | 'principal' | 'everyone';
  readonly section: Section;
  /** Construct path where there is one, otherwise the ARN or name. */
  readonly name: string;
  /** As IAM compares it; a service has none, and everyone has many. */
  readonly arn?: Value;
  /** For a principal of the app. */
  readonly logicalId?: string;
  /** Construct paths of the Lambda functions that run as the role. */
  readonly functions: readonly string[];
  /** Where a role or user of the app is declared. */
  readonly source?: SourcePosition;
}

/** A grantee with what the engine needs to ask about it. */
export interface Candidate {
  readonly grantee: Grantee;
  readonly caller: Caller;
  readonly layers: PolicyLayers;
  /** What is known of every request of the caller about the key. */
  readonly context: KmsRequest['context'];
}

type Found = Omit<Candidate, 'context'>;

/**
 * The account of the key, then the principals of the app, then whom else key policy and grants name, in their order.
 *
 * @param principals - those of the app to ask about; default all
 */
export function candidatesFor(
  key: KeyModel,
  assembly: Assembly,
  principals: readonly PrincipalModel[] = assembly.principals,
): { candidates: Candidate[]; problems: string[] } {
  const [, partition = 'aws'] = splitArn(key.arn) ?? [];
  const account = accountCandidate(concat(['arn:', partition, ':iam::', key.account, ':root']), key.account, key);
  const ofKey = contextOfKey(key);
  const own = principals.map((principal) => ownCandidate(principal, key, assembly));
  const { isOfApp } = peopleOf(assembly);
  const problems: string[] = [];
  const named = [...namedByKeyPolicy(key.keyPolicy), ...namedByGrants(key, assembly)].flatMap(
    ({ type, value, where }): readonly Found[] => {
      if (type === 'Service') return [serviceCandidate(value, key)];
      if (isOfApp(value)) return [];
      const candidate = foreignCandidate(value, key);
      if (candidate === undefined) problems.push(`${where}: principal ${inWords(value)} is not known`);
      return candidate === undefined ? [] : [candidate];
    },
  );
  const shared = ({ layers, ...one }: Found): Candidate => {
    const callerAccount = one.caller.type === 'service' ? undefined : one.caller.account;
    return { context: ofKey, ...one, layers: withSharedLayers(layers, callerAccount, key, assembly) };
  };
  // What several statements name is one; principals of two templates may share a construct path.
  const byName = (some: readonly Found[]) => {
    return [...new Map(some.map((one) => [`${one.grantee.type} ${one.grantee.name}`, shared(one)])).values()];
  };
  const [first, ...others] = byName([account, ...named]);
  return { candidates: [...(first === undefined ? [] : [first]), ...own, ...others], problems };
}

/** A principal of the app, with every policy that speaks about its use of a key. */
export function ownCandidate(principal: PrincipalModel, key: KeyModel, assembly: Assembly): Candidate {
  const { type, constructPath: name, arn, logicalId, source } = principal;
  const functions = peopleOf(assembly).functionsOf(principal);
  const declared = source !== undefined && { source };
  return {
    grantee: { type, section: 'app', name, arn, logicalId, functions, ...declared },
    caller: callerOf(principal),
    layers: everyLayerFor(assembly, key, principal),
    context: { ...contextOfKey(key), ...contextOfPrincipal(principal) },
  };
}

interface Named {
  readonly type: 'AWS' | 'Service';
  readonly value: Value;
  /** The policy or grant that names it. */
  readonly where: string;
}

function namedByKeyPolicy(policy: Policy): readonly Named[] {
  const where = policy.name;
  return policy.statements.flatMap(({ effect, principals, notPrincipals }): readonly Named[] => {
    if (effect === 'Deny') return [];
    // An Allow with NotPrincipal is for everyone but a few.
    return notPrincipals === undefined ? namedIn(principals, where) : [{ type: 'AWS', value: '*', where }];
  });
}

/** Grantees of the grants that are, or may be, on the key. */
function namedByGrants(key: KeyModel, { grants }: Assembly): readonly Named[] {
  return grants
    .filter((model) => (model.key === undefined ? isPerhaps(model.keyId, key) : model.key === key))
    .flatMap(({ grant: { name: where, granteePrincipal, granteeServicePrincipal } }): readonly Named[] => [
      ...(granteePrincipal === undefined ? [] : [{ type: 'AWS' as const, value: granteePrincipal, where }]),
      ...(granteeServicePrincipal === undefined
        ? []
        : [{ type: 'Service' as const, value: granteeServicePrincipal, where }]),
    ]);
}

function isPerhaps(keyId: Value, { arn, id }: KeyModel): boolean {
  return [arn, id].some((name) => equalValues(keyId, name) !== 'no');
}

function namedIn(principals: Principals | undefined, where: string): readonly Named[] {
  if (principals === undefined) return [];
  if (principals === '*') return [{ type: 'AWS', value: '*', where }];
  return (['AWS', 'Service'] as const).flatMap((type) =>
    (principals[type] ?? []).map((value) => ({ type, value, where })),
  );
}

function serviceCandidate(service: Value, key: KeyModel): Found {
  const name = inWords(service);
  const grantee = { type: 'service', section: 'service', name, functions: [] } as const;
  return {
    grantee,
    caller: { type: 'service', service, name },
    layers: { keyPolicy: key.keyPolicy, identityPolicies: [] },
  };
}

function accountCandidate(arn: Value, account: Value, key: KeyModel): Found {
  const name = `account ${inWords(account)}`;
  const grantee = { type: 'account', section: sectionOf(account, key), name, arn, functions: [] } as const;
  return {
    grantee,
    caller: { type: 'root', arn, account, name },
    layers: { keyPolicy: key.keyPolicy, identityPolicies: [] },
  };
}

function sectionOf(account: Value, key: KeyModel): Section {
  return equalValues(account, key.account) === 'yes' ? 'account' : 'other account';
}

/** A principal of outside the app: its IAM policies are not known. Undefined: nobody can say what the value names. */
function foreignCandidate(value: Value, key: KeyModel): Found | undefined {
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
    const [account, arn] = [unknown('the caller may be of any account'), unknown('the caller may be any principal')];
    const caller = { type: 'role-session', arn, roleArn: arn, account, name: 'everyone' } as const;
    const grantee = { type: 'everyone', section: 'everyone', name: 'everyone', functions: [] } as const;
    return { grantee, caller, layers };
  }
  const [, partition = 'aws', , , account = '', resource = ''] = splitArn(value) ?? [];
  if (resource === 'root') return accountCandidate(value, account, key);
  const [kind, roleName = ''] = split(resource, '/') ?? [];
  const grantee = { type: 'principal', section: sectionOf(account, key), name, arn: value, functions: [] } as const;
  if (kind === 'user') return { grantee, caller: { type: 'user', arn: value, account, name }, layers };
  if (kind === 'role') {
    return {
      grantee,
      caller: { type: 'role-session', arn: sessionArnOf(value), roleArn: value, account, name },
      layers,
    };
  }
  if (kind === 'assumed-role') {
    // A session ARN lacks the path of the role, so the role's ARN is known up to that.
    const roleArn = concat(['arn:', partition, ':iam::', account, ':role/', unknown('path of the role'), roleName]);
    return { grantee, caller: { type: 'role-session', arn: value, roleArn, account, name }, layers };
  }
  return undefined;
}
