import { createHash, createHmac } from 'node:crypto';
import type { LocalCredentials, LocalKms } from '@cdk-keysmith/local-kms';

/** The credentials of an answer. */
export function credentialsIn(xml: string): LocalCredentials {
  const text = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '';
  return {
    accessKeyId: text('AccessKeyId'),
    secretAccessKey: text('SecretAccessKey'),
    sessionToken: text('SessionToken'),
  };
}

/** A request of the Query protocol, signed by another hand than the server's. */
export async function sts(kms: LocalKms, credentials: LocalCredentials, form: Record<string, string>) {
  const body = new URLSearchParams({ Version: '2011-06-15', ...form }).toString();
  const timestamp = `${new Date().toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
  const headers: Record<string, string> = {
    'content-type': 'application/x-www-form-urlencoded',
    host: 'sts.example',
    'x-amz-date': timestamp,
    ...(credentials.sessionToken !== undefined && { 'x-amz-security-token': credentials.sessionToken }),
  };
  const names = Object.keys(headers).sort();
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join('');
  const canonical = `POST\n/\n\n${lines}\n${names.join(';')}\n${hash(body)}`;
  const scope = `${timestamp.slice(0, 8)}/us-east-1/sts/aws4_request`;
  const toSign = `AWS4-HMAC-SHA256\n${timestamp}\n${scope}\n${hash(canonical)}`;
  let key: string | Buffer = `AWS4${credentials.secretAccessKey}`;
  for (const part of scope.split('/')) key = hmac(key, part);
  headers['authorization'] =
    `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${hmac(key, toSign).toString('hex')}`;
  const { response } = await kms.clientConfig().requestHandler.handle({ method: 'POST', path: '/', headers, body });
  return { status: response.statusCode, xml: Buffer.from(response.body).toString('utf8') };
}
