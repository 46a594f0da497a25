import { createHash, createHmac } from 'node:crypto';
import type { WireRequest } from '../wire/message.ts';
import type { Authorization } from './authorization.ts';

/**
 * The signature that a request must have, in hexadecimal digits.
 *
 * The headers are those that the client says it signed, in its order: clients differ in what they sign. The body hash is
 * that of the bytes received, whatever `x-amz-content-sha256` says.
 *
 * @param timestamp - `yyyymmddThhmmssZ`
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signatureOf(
  request: WireRequest,
  authorization: Authorization,
  timestamp: string,
  secretAccessKey: string,
): string {
  const { date, region, service } = authorization;
  const stringToSign = [
    'AWS4-HMAC-SHA256',
    timestamp,
    `${date}/${region}/${service}/aws4_request`,
    sha256(canonicalRequest(request, authorization.signedHeaders)),
  ].join('\n');
  const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  return hmac(key, stringToSign).toString('hex');
}

export function canonicalRequest(request: WireRequest, signedHeaders: readonly string[]): string {
  return [
    request.method,
    request.path.split('/').map(encode).join('/'),
    canonicalQuery(request.query),
    ...signedHeaders.map((name) => `${name}:${(request.headers.get(name) ?? '').trim().replace(/\s+/g, ' ')}`),
    '',
    signedHeaders.join(';'),
    sha256(request.body),
  ].join('\n');
}

function canonicalQuery(query: WireRequest['query']): string {
  return query
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
}

/** RFC 3986 as AWS wants it: everything but unreserved characters. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
