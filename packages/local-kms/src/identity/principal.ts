import type { Caller, Policy } from '@cdk-keysmith/access';
import { madeOnce } from '../made-once.ts';
import type { ServiceCaller } from './service.ts';

/**
 * An IAM role, an IAM user, or the root user of an account, with the policies that speak about it; or an AWS service, which
 * has none.
 */
export interface Principal {
  readonly type: 'role' | 'user' | 'root' | 'service';
  /** Of an AWS service: what it says of itself. */
  readonly service?: ServiceCaller;
  /** Of an AWS service: its name. */
  readonly arn: string;
  /** Where names of keys are looked up. Of an AWS service, which is in no account: that of what it acts for. */
  readonly account: string;
  readonly name: string;
  /** How reasons call it: the construct path where the app declares it. */
  readonly label: string;
  /** The stable id that IAM gives, e.g. `AROA…`. */
  readonly id: string;
  readonly identityPolicies: readonly Policy[];
  readonly permissionsBoundary: Policy | undefined;
  /** Attached policies whose text nobody here knows. */
  readonly unknownPolicies: readonly string[];
  /** Who may assume the role. */
  readonly trustPolicy: Policy | undefined;
  /** Seconds that a session of the role may live when it is assumed; undefined: no role, or not known. */
  readonly maxSessionSeconds: number | undefined;
  readonly tags: ReadonlyMap<string, string>;
}

/** Of a principal that no IAM policy is about: it is what the key policy makes of it. */
export const WITHOUT_POLICIES = {
  identityPolicies: [],
  permissionsBoundary: undefined,
  unknownPolicies: [],
  trustPolicy: undefined,
  maxSessionSeconds: undefined,
  tags: new Map<string, string>(),
} as const;

/** Who made a call: a principal, and for a role the session that it acts in. */
export interface Identity {
  readonly principal: Principal;
  readonly session: Session | undefined;
  /** Undefined for an unsigned call, which only mode `off` accepts. */
  readonly accessKeyId: string | undefined;
}

/** A role session, as AssumeRole makes it. */
export interface Session {
  readonly name: string;
  /** `arn:aws:sts::<account>:assumed-role/<role>/<session>`, without the role's path. */
  readonly arn: string;
  /** That of the request that began the session; it and the managed ones are one layer. */
  readonly policies: readonly Policy[];
  /** By ARN, with the text of the moment. */
  readonly managedPolicies: readonly ManagedSessionPolicy[];
  readonly issuedAt: Date;
  /** Those of the session; they go before those of the role. */
  readonly tags: ReadonlyMap<string, string>;
  /** Keys of tags that a role which this session assumes has too. */
  readonly transitiveTagKeys: readonly string[];
  readonly sourceIdentity: string | undefined;
  /** The OpenID Connect provider that vouched for the caller. */
  readonly provider: string | undefined;
}

/** A managed policy that limits a session. */
export interface ManagedSessionPolicy {
  readonly arn: string;
  readonly policy: Policy;
}

/** What whoever begins a session says about it. */
export type SessionTerms = Pick<Session, 'name'> & Partial<Omit<Session, 'arn' | 'issuedAt'>>;

/** The ARN that messages and GetCallerIdentity show. */
export function arnOf(identity: Identity): string {
  return identity.session?.arn ?? identity.principal.arn;
}

/** `aws:userid`, which is also the `principalId` of events. */
export function userIdOf({ principal, session }: Identity): string {
  return session === undefined ? principal.id : `${principal.id}:${session.name}`;
}

/** The tags of a caller, by their keys. Keys differ by more than case. */
export function principalTagsOf({ principal, session }: Identity): ReadonlyMap<string, string> {
  if (session === undefined || session.tags.size === 0) return principal.tags;
  const own = new Set([...session.tags.keys()].map((key) => key.toLowerCase()));
  const ofRole = [...principal.tags].filter(([key]) => !own.has(key.toLowerCase()));
  return new Map([...ofRole, ...session.tags]);
}

/** The caller as the engine sees it, made once: the engine remembers what it found out about one caller. */
export const callerOf = madeOnce(newCaller);

function newCaller(identity: Identity): Caller {
  const { principal } = identity;
  const { account, label: name } = principal;
  const arn = arnOf(identity);
  switch (principal.type) {
    case 'role':
      return { type: 'role-session', arn, roleArn: principal.arn, account, name };
    case 'user':
      return { type: 'user', arn, account, name };
    case 'root':
      return { type: 'root', arn, account, name };
    case 'service':
      return { type: 'service', service: arn, name };
  }
}
