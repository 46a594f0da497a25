import { createHash, timingSafeEqual } from 'node:crypto';
import { randomBytes } from '../crypto/random.ts';
import { rootArn } from '../state/arn.ts';
import type { Identity, Principal, Session } from './principal.ts';

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
 */
export function replacePrincipals(identities: Identities, principals: readonly Principal[]): void {
  const byArn = new Map(principals.map((principal) => [principal.arn, principal]));
  identities.principals = principals;
  for (const [accessKeyId, { credentials, identity }] of identities.issued) {
    if (identity.principal.type === 'root') continue;
    const principal = byArn.get(identity.principal.arn);
    if (principal === undefined) identities.issued.delete(accessKeyId);
    else identities.issued.set(accessKeyId, { credentials, identity: { ...identity, principal } });
  }
}

/** Long-term credentials of a user or of a root user. */
export function issueLongTerm(identities: Identities, principal: Principal): LocalCredentials {
  const accessKeyId = randomAccessKeyId('AKIA');
  const credentials = { accessKeyId, secretAccessKey: randomBytes(30).toString('base64') };
  return remember(identities, { credentials, identity: { principal, session: undefined, accessKeyId } });
}

/** Temporary credentials of a role session. */
export function issueSession(
  identities: Identities,
  role: Principal,
  session: Pick<Session, 'name' | 'policies'>,
  now: Date,
  seconds: number,
): Issued {
  const accessKeyId = randomAccessKeyId('ASIA');
  const credentials: LocalCredentials = {
    accessKeyId,
    secretAccessKey: randomBytes(30).toString('base64'),
    sessionToken: randomBytes(96).toString('base64'),
    expiration: new Date(now.getTime() + seconds * 1000),
  };
  const arn = `${role.arn.replace(':iam:', ':sts:').replace(/:role\/.*$/, '')}:assumed-role/${role.name}/${session.name}`;
  const identity: Identity = { principal: role, session: { ...session, arn, issuedAt: now }, accessKeyId };
  const issued: Issued = { credentials, identity };
  remember(identities, issued);
  return issued;
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
    identityPolicies: [],
    permissionsBoundary: undefined,
    unknownPolicies: [],
    trustPolicy: undefined,
  };
}

/** An id of the form that IAM gives (`AROA…`, `AIDA…`), always the same for the same ARN. */
export function principalId(type: 'role' | 'user', arn: string): string {
  const digest = createHash('sha256').update(arn).digest();
  return (type === 'role' ? 'AROA' : 'AIDA') + base32(digest.subarray(0, 17));
}

/** Compares in a time that tells nothing about where two secrets differ. */
export function sameSecret(a: string, b: string): boolean {
  // Digests have one length, so that not even the lengths are compared in the open.
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}

function remember(identities: Identities, issued: Issued): LocalCredentials {
  const { issued: all } = identities;
  const oldest = all.size >= MAX_ISSUED ? all.keys().next().value : undefined;
  if (oldest !== undefined) all.delete(oldest);
  all.set(issued.credentials.accessKeyId, issued);
  return issued.credentials;
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function randomAccessKeyId(prefix: 'AKIA' | 'ASIA'): string {
  return prefix + base32(randomBytes(16));
}

function base32(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => BASE32.charAt(byte % BASE32.length)).join('');
}
