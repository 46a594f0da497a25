import type { Caller, KmsRequest, PolicyLayers } from './engine/request.ts';
import type { Grant } from './grant.ts';
import type { Assembly, ControlPolicyModel, KeyModel, PrincipalModel } from './model.ts';
import type { Policy } from './policy.ts';
import { splitArn } from './symbolic/arn.ts';
import { together, without } from './symbolic/cases.ts';
import { equalValues } from './symbolic/match.ts';
import { concat, inWords, split, unknown } from './symbolic/text.ts';
import { anyTri } from './symbolic/tri.ts';
import type { TemplateCondition, Value } from './value.ts';

/** A role or user of the app as a caller. */
type OwnCaller = Extract<Caller, { readonly type: 'role-session' | 'user' }>;

/** A role (in any of its sessions) or user of the app as the caller of a request. */
export function callerFor(principal: PrincipalModel): OwnCaller {
  const { arn, account, constructPath: name } = principal;
  if (principal.type === 'user') return { type: 'user', arn, account, name };
  const [, partition = 'aws'] = splitArn(arn) ?? [];
  const session = unknown('the session name is chosen by whoever assumes the role');
  const sessionArn = concat(['arn:', partition, ':sts::', account, ':assumed-role/', principal.name, '/', session]);
  return { type: 'role-session', arn: sessionArn, roleArn: arn, account, name };
}

const CALLERS = new WeakMap<PrincipalModel, OwnCaller>();

/** {@link callerFor}, made once: a map asks about one principal again and again. */
export function callerOf(principal: PrincipalModel): OwnCaller {
  const known = CALLERS.get(principal) ?? callerFor(principal);
  CALLERS.set(principal, known);
  return known;
}

/** A session of a role of elsewhere: its ARN is known up to the name of the session, where that of the role is. */
export function sessionArnOf(roleArn: Value): Value {
  const session = unknown('the session name is chosen by whoever assumes the role');
  const [, partition, , , account, resource] = splitArn(roleArn) ?? [];
  const name = resource === undefined ? undefined : split(resource, '/')?.at(-1);
  if (partition === undefined || account === undefined || name === undefined) return session;
  return concat(['arn:', partition, ':sts::', account, ':assumed-role/', name, '/', session]);
}

/**
 * Every policy of the app that speaks about a principal's use of a key; policies of elsewhere are there as unreadable.
 * Where both are there, the conditions of the template under which they are hold.
 */
export function layersFor(key: KeyModel, principal: PrincipalModel): PolicyLayers {
  const given = together(key.onlyIf ?? [], principal.onlyIf ?? []) ?? [];
  const { permissionsBoundary } = principal;
  const boundary = permissionsBoundary !== undefined && { permissionsBoundary: assuming(permissionsBoundary, given) };
  if (given.length === 0 && principal.unknownPolicies.length === 0) {
    return { keyPolicy: key.keyPolicy, identityPolicies: principal.identityPolicies, ...boundary };
  }
  const foreign = principal.unknownPolicies.map((policy) => ({
    name: `${policy} of ${principal.constructPath}`,
    kind: 'identity' as const,
    version: undefined,
    statements: [],
    unreadable: ['its text is not in the app'],
  }));
  return {
    keyPolicy: assuming(key.keyPolicy, given),
    identityPolicies: [...principal.identityPolicies.map((policy) => assuming(policy, given)), ...foreign],
    ...boundary,
  };
}

/** The policy when conditions hold: without what is then not there, and what is there is certain. */
function assuming(policy: Policy, given: readonly TemplateCondition[]): Policy {
  if (given.length === 0 || policy.statements.every(({ onlyIf }) => onlyIf === undefined)) return policy;
  const statements = policy.statements.flatMap(({ onlyIf = [], ...statement }) => {
    if (together(given, onlyIf) === undefined) return [];
    const left = without(onlyIf, given);
    return [left.length === 0 ? statement : { ...statement, onlyIf: left }];
  });
  return { ...policy, statements };
}

/** Policies of an organization, in the shape in which the engine takes them. */
export interface ControlLayers {
  /** A list for each level from the root down; empty: none was given, and none limits. */
  readonly serviceControlPolicies: readonly (readonly Policy[])[];
  readonly resourceControlPolicies: readonly Policy[];
}

/**
 * The policies of the organization that count: the service control policies of the caller's account, and the resource
 * control policies of the key's account. One that is for some accounts only is unreadable where the account is open.
 */
export function controlLayersFor(
  assembly: Pick<Assembly, 'serviceControlPolicies' | 'resourceControlPolicies'>,
  { callerAccount, keyAccount }: { readonly callerAccount: Value; readonly keyAccount: Value },
): ControlLayers {
  const levels = new Map<number, Policy[]>();
  for (const model of assembly.serviceControlPolicies) {
    for (const policy of inAccount(model, callerAccount)) {
      levels.set(model.level, [...(levels.get(model.level) ?? []), policy]);
    }
  }
  return {
    serviceControlPolicies: [...levels].sort(([a], [b]) => a - b).map(([, policies]) => policies),
    resourceControlPolicies: assembly.resourceControlPolicies.flatMap((model) => inAccount(model, keyAccount)),
  };
}

function inAccount({ accounts, policy }: ControlPolicyModel, account: Value): readonly Policy[] {
  if (accounts === undefined) return [policy];
  const counts = anyTri(accounts.map((one) => equalValues(one, account)));
  if (counts !== 'unknown') return counts === 'yes' ? [policy] : [];
  return [
    { ...policy, statements: [], unreadable: [`whether it counts for account ${inWords(account)} is not known`] },
  ];
}

/**
 * {@link layersFor}, and what comes from beside key and principal: the grants of the app, and the policies of its
 * organization.
 */
export function everyLayerFor(assembly: Assembly, key: KeyModel, principal: PrincipalModel): PolicyLayers {
  return withSharedLayers(layersFor(key, principal), principal.account, key, assembly);
}

/** @param callerAccount - undefined: a service, which has none, and which no service control policy limits */
export function withSharedLayers(
  layers: PolicyLayers,
  callerAccount: Value | undefined,
  key: KeyModel,
  assembly: Assembly,
): PolicyLayers {
  const grants = grantsFor(key, assembly);
  const { serviceControlPolicies, resourceControlPolicies } = controlLayersFor(assembly, {
    callerAccount: callerAccount ?? key.account,
    keyAccount: key.account,
  });
  return {
    ...layers,
    ...(grants.length > 0 && { grants }),
    ...(callerAccount !== undefined && serviceControlPolicies.length > 0 && { serviceControlPolicies }),
    ...(resourceControlPolicies.length > 0 && { resourceControlPolicies }),
  };
}

const GRANTS = new WeakMap<Assembly['grants'], WeakMap<KeyModel, readonly Grant[]>>();

/** {@link grantsOn}, found once: the same list for everybody who is asked about. */
function grantsFor(key: KeyModel, { grants }: Assembly): readonly Grant[] {
  const ofKeys = GRANTS.get(grants) ?? new WeakMap<KeyModel, readonly Grant[]>();
  GRANTS.set(grants, ofKeys);
  const known = ofKeys.get(key) ?? grantsOn(key, { grants });
  ofKeys.set(key, known);
  return known;
}

/** The condition keys that follow from a principal itself. Tags of elsewhere (of the whole stack, a session) are open. */
export function contextOfPrincipal({ tags }: PrincipalModel): KmsRequest['context'] {
  return Object.fromEntries(
    tags.flatMap(({ key, value }) => (typeof key === 'string' ? [[`aws:PrincipalTag/${key}`, value]] : [])),
  );
}

/** The condition keys that follow from the key itself. Tags of elsewhere (of the whole stack, say) are left open. */
export function contextOfKey(key: KeyModel): KmsRequest['context'] {
  const { keySpec, keyUsage, origin, multiRegion, tags } = key;
  return {
    'kms:KeySpec': keySpec,
    'kms:CustomerMasterKeySpec': keySpec,
    'kms:KeyUsage': keyUsage,
    'kms:CustomerMasterKeyUsage': keyUsage,
    'kms:KeyOrigin': origin,
    ...(multiRegion !== undefined && { 'kms:MultiRegion': String(multiRegion) }),
    ...Object.fromEntries(
      tags.flatMap((tag) => (typeof tag.key === 'string' ? [[`aws:ResourceTag/${tag.key}`, tag.value]] : [])),
    ),
  };
}

/** The grants that an app makes on a key, and those of which only deployment will tell which key they are on. */
export function grantsOn(key: KeyModel, { grants }: Pick<Assembly, 'grants'>): readonly Grant[] {
  return grants.flatMap(({ grant, keyId, key: of }): readonly Grant[] => {
    if (of !== undefined) return of === key ? [grant] : [];
    const on = anyTri([equalValues(keyId, key.arn), equalValues(keyId, key.id)]);
    if (on === 'unknown') return [{ ...grant, key: unknown(`which key ${grant.name} is on is not known`) }];
    return on === 'yes' ? [grant] : [];
  });
}
