import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Grant } from '@cdk-keysmith/access';
import { KEY_TAG_BYTES } from '../crypto/material.ts';
import { randomBytes } from '../crypto/random.ts';
import { rootArn } from './arn.ts';
import type { GrantTerms, KeyGrant } from './grant-terms.ts';
import type { Key } from './key.ts';
import type { Store } from './store.ts';

/** Grants that a key may have. @see https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html */
export const MAX_GRANTS_OF_KEY = 50_000;

export interface GrantPlan {
  readonly terms: GrantTerms;
  readonly name?: string | undefined;
  /** How reasons call the grant, e.g. a construct path. Default: its name, or its id. */
  readonly label?: string;
  /** Account that makes the grant. */
  readonly account: string;
}

/** Makes a grant on a key. Everything about it is checked before. */
export function addGrant(key: Key, { terms, name, label, account }: GrantPlan, now: Date): KeyGrant {
  const id = randomBytes(ID_BYTES).toString('hex');
  const issuingAccount = rootArn(account, key.region);
  const made = grantOn(key, { id, name, createdAt: now, issuingAccount, label: label ?? name ?? id, terms });
  key.grants.set(id, made);
  return made;
}

/** A grant as the server holds it, by what it says. */
export function grantOn(key: Key, said: Omit<KeyGrant, 'grant'>): KeyGrant {
  const { id, label, terms } = said;
  return { ...said, grant: { ...grantOf(terms), id, key: key.arn, name: `grant ${label}` } };
}

function grantOf(terms: GrantTerms): Omit<Grant, 'name' | 'id' | 'key'> {
  const {
    operations,
    encryptionContextEquals: equals,
    encryptionContextSubset: subset,
    sourceArn,
    ...principals
  } = terms;
  return {
    ...principals,
    operations,
    constraints: {
      ...(equals !== undefined && { encryptionContextEquals: recordOf(equals) }),
      ...(subset !== undefined && { encryptionContextSubset: recordOf(subset) }),
      ...(sourceArn !== undefined && { sourceArn }),
    },
  };
}

/** Without a prototype: the names are the client's. */
function recordOf(context: ReadonlyMap<string, string>): Record<string, string> {
  return Object.assign(Object.create(null), Object.fromEntries(context));
}

/** Whether two grants say the same; the order of operations and of pairs says nothing. */
export function sameTerms(a: GrantTerms, b: GrantTerms): boolean {
  return termsText(a) === termsText(b);
}

function termsText({ operations, encryptionContextEquals, encryptionContextSubset, ...others }: GrantTerms): string {
  const pairs = (context?: ReadonlyMap<string, string>) => context && [...context].sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([
    [...operations].sort(),
    pairs(encryptionContextEquals) ?? null,
    pairs(encryptionContextSubset) ?? null,
    Object.entries(others)
      .filter(([, value]) => value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  ]);
}

const ID_BYTES = 32;
const FRESH_BYTES = 16;
const SAID_BYTES = ID_BYTES + KEY_TAG_BYTES + FRESH_BYTES;
const CHECK_BYTES = 16;
/** What every grant token of KMS begins with. */
const PREFIX = 'AQpA';

/** A new token of a grant. It says which grant on which key, so that tokens, which never expire, need not be remembered. */
export function writeGrantToken({ grantSecret }: Store, key: Key, { id }: KeyGrant): string {
  const said = Buffer.concat([Buffer.from(id, 'hex'), key.tag, randomBytes(FRESH_BYTES)]);
  return PREFIX + Buffer.concat([said, check(grantSecret, said)]).toString('base64url');
}

/** The id of the grant that a token is of, and the tag of its key; undefined: this server has not issued it. */
export function readGrantToken(
  { grantSecret }: Store,
  token: string,
): { readonly id: string; readonly keyTag: Uint8Array } | undefined {
  if (!token.startsWith(PREFIX)) return undefined;
  const bytes = Buffer.from(token.slice(PREFIX.length), 'base64url');
  if (bytes.length !== SAID_BYTES + CHECK_BYTES) return undefined;
  const said = bytes.subarray(0, SAID_BYTES);
  if (!timingSafeEqual(bytes.subarray(said.length), check(grantSecret, said))) return undefined;
  const id = said.subarray(0, ID_BYTES).toString('hex');
  return { id, keyTag: said.subarray(ID_BYTES, ID_BYTES + KEY_TAG_BYTES) };
}

function check(secret: Uint8Array, said: Uint8Array): Buffer {
  return createHmac('sha256', secret).update(said).digest().subarray(0, CHECK_BYTES);
}
