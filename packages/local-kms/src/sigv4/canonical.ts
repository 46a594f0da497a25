import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';
import type { WireRequest } from '../wire/message.ts';
import { type Authorization, QUERY_SIGNATURE } from './authorization.ts';

/** Day, Region and service that a signature is for. */
export type Scope = Pick<Authorization, 'date' | 'region' | 'service'>;

/** The key that signs everything of one scope. */
export function signingKeyOf(secretAccessKey: string, { date, region, service }: Scope): KeyObject {
  return createSecretKey([region, service, 'aws4_request'].reduce(hmac, hmac(`AWS4${secretAccessKey}`, date)));
}

/**
 * The signature that a request must have, in hexadecimal digits.
 *
 * The headers are those that the client says it signed, in its order: clients differ in what they sign. The body hash is
 * that of the bytes received, whatever `x-amz-content-sha256` says: only S3 takes a payload that is not signed.
 *
 * @param signingKey - of the scope of the authorization
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signatureOf(request: WireRequest, authorization: Authorization, signingKey: KeyObject): string {
  const { date, region, service, timestamp, signedHeaders } = authorization;
  const digest = sha256(canonicalRequest(request, signedHeaders));
  const text = `AWS4-HMAC-SHA256\n${timestamp}\n${date}/${region}/${service}/aws4_request\n${digest}`;
  return createHmac('sha256', signingKey).update(text).digest('hex');
}

export function canonicalRequest(request: WireRequest, signedHeaders: readonly string[]): string {
  const { method, path, query, headers, body } = request;
  let text = `${method}\n${canonicalPath(path)}\n${canonicalQuery(query)}\n`;
  for (const name of signedHeaders) text += `${name}:${trimmed(headers.get(name) ?? '')}\n`;
  return `${text}\n${signedHeaders.join(';')}\n${sha256(body)}`;
}

/** Of a path as it was sent: but for S3 each segment is encoded once more. */
function canonicalPath(path: string): string {
  return path === '/' ? path : path.split('/').map(encode).join('/');
}

const RUN_OF_SPACE = /\s\s|[\t\n\v\f\r]/;

/** Without space around it, and with one space for several. */
function trimmed(value: string): string {
  const text = value.trim();
  return RUN_OF_SPACE.test(text) ? text.replace(/\s+/g, ' ') : text;
}

/** Sorted by name, then by value: by the pair, `a=` would come after `a-b=`. */
function canonicalQuery(query: WireRequest['query']): string {
  if (query.length === 0) return '';
  return query
    .filter(([name]) => name !== QUERY_SIGNATURE)
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** RFC 3986 as AWS wants it: everything but unreserved characters. */
function encode(text: string): string {
  // Half a surrogate pair is no text; encodeURIComponent would throw.
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex');
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
