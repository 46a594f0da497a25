import { createHash, createHmac } from 'node:crypto';
import type { LocalCredentials } from '@cdk-keysmith/local-kms';

/** Adds host, date and a signature to headers. */
export type Signer = (
  service: 'kms' | 'sts',
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
) => Readonly<Record<string, string>>;

export const HOST = 'local-kms.test';

/** Signature Version 4 by another hand than the server's, for `POST /` without a query. */
export function signerFor({ accessKeyId, secretAccessKey, sessionToken }: LocalCredentials): Signer {
  const keys = new Map<string, Buffer>();
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const hash = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');
  const keyOf = (scope: string): Buffer => {
    const known = keys.get(scope) ?? scope.split('/').reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
    keys.set(scope, known as Buffer);
    return known as Buffer;
  };
  return (service, headers, body) => {
    const timestamp = `${new Date().toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
    const all: Record<string, string> = {
      ...headers,
      host: HOST,
      'x-amz-date': timestamp,
      ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
    };
    const names = Object.keys(all).sort();
    const lines = names.map((name) => `${name}:${(all[name] ?? '').trim().replace(/\s+/g, ' ')}\n`).join('');
    const scope = `${timestamp.slice(0, 8)}/us-east-1/${service}/aws4_request`;
    const canonical = `POST\n/\n\n${lines}\n${names.join(';')}\n${hash(body)}`;
    const signature = hmac(keyOf(scope), `AWS4-HMAC-SHA256\n${timestamp}\n${scope}\n${hash(canonical)}`).toString(
      'hex',
    );
    const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
    return { ...all, authorization };
  };
}
