import { createHash, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { Policy } from '@cdk-keysmith/access';
import { randomBytes } from '../crypto/random.ts';
import { type Scope, signingKeyOf } from '../sigv4/canonical.ts';
import { rootArn } from '../state/arn.ts';
import { type Identity, type Principal, type Session, type SessionTerms, WITHOUT_POLICIES } from './principal.ts';

/** What an SDK needs to sign as somebody. */
export interface LocalCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Absent for long-term credentials: those of users and of an account's root user. */
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** Everybody who can call, and the credentials that were handed out. Nothing of it is ever written anywhere. */
export interface Identities {
  principals: readonly Principal[];
  readonly issued: Map<string, Issued>;
}

export interface Issued {
  readonly credentials: LocalCredentials;
  readonly identity: Identity;
  /** The key that signs what is of a scope. It takes four times as long to make as to use, and is the same all day. */
  readonly signingKey: (scope: Scope) => KeyObject;
}

/** Credentials that the server remembers; the oldest go first, so that a long run does not grow without bound. */
const MAX_ISSUED = 10_000;
/** Seconds that the credentials of a role live: the longest that AssumeRole allows. */
export const MAX_SESSION_SECONDS = 43_200;

export function createIdentities(principals: readonly Principal[]): Identities {
  return { principals, issued: new Map() };
}

/**
 * Puts the principals of a changed app in the place of those before. Credentials that were handed out are those of the
 * principal of the same ARN from now on; where there is none any more they are nobody's.
 *
 * @param policyNamed - the managed policies of the app, which sessions have by their ARNs
 */
export function replacePrincipals(
  identities: Identities,
  principals: readonly Principal[],
  policyNamed: (arn: string) => Policy,
): void {
  const byArn = new Map(principals.map((principal) => [principal.arn, principal]));
  identities.principals = principals;
  for (const [accessKeyId, { identity, ...issued }] of identities.issued) {
    if (identity.principal.type === 'root' || identity.principal.type === 'service') continue;
    const principal = byArn.get(identity.principal.arn);
    if (principal === undefined) identities.issued.delete(accessKeyId);
    else {
      const session = identity.session && withPolicies(identity.session, policyNamed);
      identities.issued.set(accessKeyId, { ...issued, identity: { ...identity, principal, session } });
    }
  }
}

function withPolicies(session: Session, policyNamed: (arn: string) => Policy): Session {
  const { managedPolicies } = session;
  if (managedPolicies.length === 0) return session;
  return { ...session, managedPolicies: managedPolicies.map(({ arn }) => ({ arn, policy: policyNamed(arn) })) };
}

/** Long-term credentials of a user or of a root user. */
export function issueLongTerm(identities: Identities, principal: Principal): LocalCredentials {
  const accessKeyId = randomAccessKeyId('AKIA');
  const credentials = { accessKeyId, secretAccessKey: randomBytes(30).toString('base64') };
  return remember(identities, credentials, { principal, session: undefined, accessKeyId }).credentials;
}

const PLAIN_SESSION = {
  policies: [],
  managedPolicies: [],
  tags: new Map<string, string>(),
  transitiveTagKeys: [],
  sourceIdentity: undefined,
  provider: undefined,
};

/** Temporary credentials of a role session. */
export function issueSession(
  identities: Identities,
  role: Principal,
  terms: SessionTerms,
  now: Date,
  seconds: number,
): Issued {
  const credentials = temporaryCredentials(now, seconds);
  const { accessKeyId } = credentials;
  const arn = `${role.arn.replace(':iam:', ':sts:').replace(/:role\/.*$/, '')}:assumed-role/${role.name}/${terms.name}`;
  const session: Session = { ...PLAIN_SESSION, ...terms, arn, issuedAt: now };
  const identity: Identity = { principal: role, session, accessKeyId };
  return remember(identities, credentials, identity);
}

/** Temporary credentials of an AWS service, which is in no session. */
export function issueToService(
  identities: Identities,
  service: Principal,
  now: Date,
  seconds: number,
): LocalCredentials {
  const credentials = temporaryCredentials(now, seconds);
  const { accessKeyId } = credentials;
  return remember(identities, credentials, { principal: service, session: undefined, accessKeyId }).credentials;
}

function temporaryCredentials(now: Date, seconds: number): LocalCredentials {
  return {
    accessKeyId: randomAccessKeyId('ASIA'),
    secretAccessKey: randomBytes(30).toString('base64'),
    sessionToken: randomBytes(96).toString('base64'),
    expiration: new Date(now.getTime() + seconds * 1000),
  };
}

/** The root user of an account. IAM lets it do everything; a key's policy still decides about the key. */
export function rootOf(account: string, region: string): Principal {
  return {
    type: 'root',
    arn: rootArn(account, region),
    account,
    name: 'root',
    label: `the root user of ${account}`,
    id: account,
    ...WITHOUT_POLICIES,
  };
}

/** An id of the form that IAM gives (`AROA…`, `AIDA…`), always the same for the same ARN. */
export function principalId(type: 'role' | 'user', arn: string): string {
  const digest = createHash('sha256').update(arn).digest();
  return (type === 'role' ? 'AROA' : 'AIDA') + base32(digest.subarray(0, 17));
}

/** Compares in a time that tells nothing about where two secrets differ; how long a token is, is no secret. */
export function sameSecret(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function remember(identities: Identities, credentials: LocalCredentials, identity: Identity): Issued {
  const { issued: all } = identities;
  const oldest = all.size >= MAX_ISSUED ? all.keys().next().value : undefined;
  if (oldest !== undefined) all.delete(oldest);
  const issued = { credentials, identity, signingKey: signingKeys(credentials.secretAccessKey) };
  all.set(credentials.accessKeyId, issued);
  return issued;
}

/** A client signs for a Region or two; the scope is what it says, so that only a few are kept. */
const MAX_SCOPES = 16;

function signingKeys(secret: string): Issued['signingKey'] {
  const made = new Map<string, KeyObject>();
  return (scope) => {
    const name = `${scope.date}/${scope.region}/${scope.service}`;
    const known = made.get(name);
    if (known !== undefined) return known;
    if (made.size >= MAX_SCOPES) made.clear();
    const key = signingKeyOf(secret, scope);
    made.set(name, key);
    return key;
  };
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function randomAccessKeyId(prefix: 'AKIA' | 'ASIA'): string {
  return prefix + base32(randomBytes(16));
}

function base32(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => BASE32.charAt(byte % BASE32.length)).join('');
}
