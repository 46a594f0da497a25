import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalKms, type LocalKms } from '@cdk-keysmith/local-kms';
import { raw } from './support.ts';

const CHINA = 'cn-north-1';
export const MESSAGE = Buffer.from('a message that somebody signs');
export const b64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
export const bytesIn = (body: Readonly<Record<string, unknown>>, member: string) =>
  Buffer.from(String(body[member]), 'base64');

export const kms = createLocalKms();
export const inChina = createLocalKms({ region: CHINA });
export const whereIs = (spec: string) => (spec === 'SM2' ? inChina : kms);
const made = new Map<string, Promise<string>>();

/** One key of each spec and usage for all tests: RSA keys are slow to make. */
export function keyOf(KeySpec: string, KeyUsage: string): Promise<string> {
  const name = `${KeySpec} ${KeyUsage}`;
  const key = made.get(name) ?? create(whereIs(KeySpec), KeySpec, KeyUsage);
  made.set(name, key);
  return key;
}

export async function create(where: LocalKms, KeySpec: string, KeyUsage: string): Promise<string> {
  const { status, body } = await raw(where, 'CreateKey', { KeySpec, KeyUsage });
  expect([KeySpec, status]).toEqual([KeySpec, 200]);
  return (body['KeyMetadata'] as { Arn: string }).Arn;
}

export async function ask(spec: string, operation: string, body: object) {
  const { status, body: answer } = await raw(whereIs(spec), operation, body);
  expect([operation, status, answer['__type']]).toEqual([operation, 200, undefined]);
  return answer;
}

export async function refusal(spec: string, operation: string, body: object) {
  const { status, body: answer } = await raw(whereIs(spec), operation, body);
  expect(status).toBe(400);
  return answer;
}

export async function publicKeyOf(spec: string, usage: string): Promise<Buffer> {
  return bytesIn(await ask(spec, 'GetPublicKey', { KeyId: await keyOf(spec, usage) }), 'PublicKey');
}

/** Runs OpenSSL on files that hold the given bytes; undefined where there is no OpenSSL 3 on this machine. */
const hasOpenssl = /^OpenSSL 3/.test(spawnSync('openssl', ['version'], { encoding: 'utf8' }).stdout ?? '');
export function openssl(files: Record<string, Uint8Array>, args: readonly string[]): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'local-kms-'));
  try {
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
    return execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
export const withOpenssl = hasOpenssl ? test : test.skip;
