import { createHash, createHmac } from 'node:crypto';
import type { ClientConfig, LocalCredentials } from '@cdk-keysmith/local-kms';

type Handler = ClientConfig['requestHandler'];
/** A signed request. */
export type Signed = Parameters<Handler['handle']>[0] & { readonly body: string };

/** Who signs, and for where. */
export interface Signer {
  readonly credentials: LocalCredentials;
  readonly region: string;
  readonly host: string;
}

/** A request of KMS with Signature Version 4, good for five minutes: what the SDK sends, without what the SDK costs. */
export function signed({ credentials, region, host }: Signer, operation: string, input: object): Signed {
  const body = JSON.stringify(input);
  const timestamp = `${new Date().toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
  const scope = `${timestamp.slice(0, 8)}/${region}/kms/aws4_request`;
  const headers: Record<string, string> = {
    'content-type': 'application/x-amz-json-1.1',
    host,
    'x-amz-date': timestamp,
    ...(credentials.sessionToken !== undefined && { 'x-amz-security-token': credentials.sessionToken }),
    'x-amz-target': `TrentService.${operation}`,
  };
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const canonical = `POST\n/\n\n${lines.join('')}\n${names}\n${sha256(body)}`;
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${credentials.secretAccessKey}`);
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${timestamp}\n${scope}\n${sha256(canonical)}`).toString('hex');
  const credential = `${credentials.accessKeyId}/${scope}`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`;
  return {
    method: 'POST',
    path: '/',
    headers: { ...headers, authorization, 'user-agent': 'bench', 'content-length': String(body.length) },
    body,
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** The members of the answer to a call in the process. */
export async function answered(handler: Handler, request: Signed): Promise<Record<string, unknown>> {
  const { response } = await handler.handle(request);
  const text = Buffer.from(response.body).toString();
  if (response.statusCode !== 200) throw new Error(`${response.statusCode}: ${text}`);
  return text === '' ? {} : JSON.parse(text);
}
