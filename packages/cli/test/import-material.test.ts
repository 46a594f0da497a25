import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateKeyCommand,
  DecryptCommand,
  DeleteImportedKeyMaterialCommand,
  EncryptCommand,
  type KeySpec,
  type KeyUsageType,
  KMSClient,
} from '@aws-sdk/client-kms';
import { type LocalKmsServer, startLocalKms } from '@cdk-keysmith/local-kms';
import { keysmith } from './support/vault.ts';

/* The command in this process, the SDK's own credentials and endpoint, a local KMS that unwraps what was wrapped. */

let kms: LocalKmsServer;
let client: KMSClient;
let folder: string;
const before = { ...process.env };
beforeAll(async () => {
  kms = await startLocalKms();
  client = new KMSClient({ ...kms.clientConfig(), credentials: kms.administratorCredentials() });
  const { accessKeyId, secretAccessKey } = kms.administratorCredentials();
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_KMS: kms.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
  });
  folder = mkdtempSync(join(tmpdir(), 'keysmith-'));
});
afterAll(async () => {
  process.env = before;
  rmSync(folder, { recursive: true });
  await kms.close();
});
const at = (name: string) => join(folder, name);

async function externalKey(KeySpec?: KeySpec, KeyUsage?: KeyUsageType): Promise<string> {
  const { KeyMetadata } = await client.send(new CreateKeyCommand({ Origin: 'EXTERNAL', KeySpec, KeyUsage }));
  return KeyMetadata?.Arn ?? '';
}
/** A short wrapping key: RSA of 4,096 bits takes the local KMS a second to make, and nothing here depends on it. */
const SHORT = ['--wrapping-key-spec', 'RSA_2048'];
const into = (key: string, ...words: string[]) => ['import-material', 'import', '--key', key, ...SHORT, ...words];

test('material is imported from a file, and again when it was deleted; other material is refused', async () => {
  const key = await externalKey();
  const material = randomBytes(32);
  writeFileSync(at('key.bin'), material, { mode: 0o600 });
  const first = await keysmith(into(key, '--material-file', at('key.bin'), '--valid-to', '90d'));
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(first.stdout).toMatch(new RegExp(`^imported into ${key}\n  key +${key}\n[\\s\\S]* material +[0-9a-f]{64}\n`));
  expect(first.stdout).toMatch(/state +Enabled\n/);
  expect(first.stdout).toMatch(/expires +\d{4}-\d\d-\d\dT.*, in 89 days/);
  const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId: key, Plaintext: Buffer.from('chalk') }));

  await client.send(new DeleteImportedKeyMaterialCommand({ KeyId: key }));
  const status = await keysmith(['import-material', 'status', '--key', key]);
  expect(status.stdout).toContain('PendingImport: it waits for its material');
  const other = await keysmith(into(key, '--generate', '--discard-material', '--does-not-expire'));
  expect(other).toMatchObject({ code: 1, stdout: '' });
  expect(other.stderr).toContain('IncorrectKeyMaterialException; a key takes the material again that it had before');
  const again = await keysmith(into(key, '--material-file', '-', '--does-not-expire'), { stdin: material });
  expect(again).toMatchObject({ code: 0, stderr: '' });
  const { Plaintext } = await client.send(new DecryptCommand({ CiphertextBlob }));
  expect(Buffer.from(Plaintext ?? []).toString()).toBe('chalk');
});

test('new material of a symmetric key waits for a rotation, and says so', async () => {
  const key = await externalKey();
  const words = ['--generate', '--discard-material', '--does-not-expire'];
  expect((await keysmith(into(key, ...words))).stdout).not.toContain('waits for RotateKeyOnDemand');
  const { code, stdout } = await keysmith(into(key, ...words, '--new-material', '--description', 'of 2027'));
  expect(code).toBe(0);
  expect(stdout).toMatch(/\nmaterial ([0-9a-f]{64}) waits for RotateKeyOnDemand; .*\n[\s\S]*state +Enabled/);
  const again = await keysmith(into(key, ...words, '--new-material'));
  expect(again.stderr).toContain('is pending rotation');
});

test('what is printed shows nothing of the material', async () => {
  const key = await externalKey();
  const saved = at('shown.bin');
  const { stdout, stderr } = await keysmith(
    into(key, '--generate', '--save-material', saved, '--does-not-expire', '--wrapping-algorithm', 'RSAES_OAEP_SHA_1'),
  );
  const material = readFileSync(saved);
  expect(material).toHaveLength(32);
  expect(statSync(saved).mode & 0o777).toBe(0o600);
  for (const form of ['hex', 'base64', 'latin1'] as const) {
    expect(stdout + stderr).not.toContain(material.toString(form).slice(0, 16));
  }
});

test.each<[KeySpec, KeyUsageType]>([
  ['HMAC_384', 'GENERATE_VERIFY_MAC'],
  ['ECC_NIST_P521', 'SIGN_VERIFY'],
  ['RSA_2048', 'SIGN_VERIFY'],
])('%s: generated, saved, and imported again from the file that was saved', async (spec, usage) => {
  const key = await externalKey(spec, usage);
  const saved = at(`${spec}.key`);
  const generated = await keysmith(into(key, '--generate', '--save-material', saved, '--does-not-expire'));
  expect(generated).toMatchObject({ code: 0, stderr: '' });
  await client.send(new DeleteImportedKeyMaterialCommand({ KeyId: key }));
  expect(await keysmith(into(key, '--material-file', saved, '--valid-to', '1d'))).toMatchObject({ code: 0 });
});

test('private keys come as PEM too, and on a curve of their own', async () => {
  const key = await externalKey('ECC_NIST_P256', 'SIGN_VERIFY');
  const pem = (namedCurve: string) =>
    generateKeyPairSync('ec', { namedCurve }).privateKey.export({ format: 'pem', type: 'sec1' });
  writeFileSync(at('wrong.pem'), pem('secp384r1'), { mode: 0o600 });
  writeFileSync(at('key.pem'), pem('prime256v1'), { mode: 0o600 });
  const wrong = await keysmith(into(key, '--material-file', at('wrong.pem'), '--does-not-expire'));
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toContain('takes: a private key on prime256v1, unencrypted, as PEM or PKCS #8 DER');
  expect(await keysmith(into(key, '--material-file', at('key.pem'), '--does-not-expire'))).toMatchObject({ code: 0 });
});

test('parameters, wrapping and import on three machines', async () => {
  const key = await externalKey();
  const [parameters, wrapped] = [at('parameters.json'), at('wrapped.bin')];
  const get = ['import-material', 'parameters', '--key', key, ...SHORT, '--out', parameters];
  expect(await keysmith(get)).toMatchObject({ code: 0, stdout: '', stderr: '' });
  writeFileSync(at('offline.bin'), randomBytes(32), { mode: 0o600 });
  const offline = ['import-material', 'wrap', '--parameters', parameters, '--material-file', at('offline.bin')];
  const asked = kms.events.length;
  expect(await keysmith([...offline, '--out', wrapped])).toMatchObject({ code: 0, stdout: '', stderr: '' });
  expect(kms.events.length).toBe(asked);
  const hand = ['import-material', 'import', '--parameters', parameters, '--wrapped', wrapped, '--does-not-expire'];
  expect((await keysmith(hand)).stdout).toMatch(/state +Enabled/);
  const other = await externalKey();
  expect((await keysmith([...hand, '--key', other])).stderr).toContain(`is for ${key}, not for ${other}`);
  const json = JSON.parse(readFileSync(parameters, 'utf8'));
  writeFileSync(parameters, JSON.stringify({ ...json, validTo: '2020-01-01T00:00:00Z' }));
  expect((await keysmith(hand)).stderr).toContain('is not valid since 2020-01-01T00:00:00.000Z; get new parameters');
});

test('status as JSON', async () => {
  const key = await externalKey();
  const { stdout } = await keysmith(['import-material', 'status', '--key', key, '--json']);
  expect(JSON.parse(stdout)).toEqual({
    keyArn: key,
    keySpec: 'SYMMETRIC_DEFAULT',
    keyUsage: 'ENCRYPT_DECRYPT',
    keyState: 'PendingImport',
  });
});

test('a key that KMS made takes none, and says so before any material is read', async () => {
  const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
  const words = into(KeyMetadata?.Arn ?? '', '--generate', '--save-material', at('never.bin'), '--does-not-expire');
  const { code, stderr } = await keysmith(words);
  expect(code).toBe(1);
  expect(stderr).toContain('has origin AWS_KMS, and takes no material; make a key with origin EXTERNAL');
  expect(existsSync(at('never.bin'))).toBe(false);
});

test('a file with the material is not overwritten, and one that others may read is remarked on', async () => {
  const key = await externalKey();
  writeFileSync(at('kept.bin'), 'only copy', { mode: 0o644 });
  const taken = await keysmith(into(key, '--generate', '--save-material', at('kept.bin'), '--does-not-expire'));
  expect(taken.stderr).toContain('may be the only copy of other material; name another file');
  expect(readFileSync(at('kept.bin'), 'utf8')).toBe('only copy');
  const { stderr } = await keysmith(into(key, '--material-file', at('kept.bin'), '--does-not-expire'));
  expect(stderr).toContain('chmod 600 would change that');
  expect(stderr).toContain('has 9 bytes, and material of key spec SYMMETRIC_DEFAULT has exactly 32');
  expect(stderr).not.toContain('only copy');
});

/** Within the time that is allowed, if it were a day. */
const dayOfNoMonth = [0, 1]
  .flatMap((years) => ['02-30', '06-31', '11-31'].map((day) => `${new Date().getUTCFullYear() + years}-${day}`))
  .find((day) => new Date(day).getTime() > Date.now() + 2 * 86_400_000) as string;

test.each<[string, string[], string]>([
  ['no key', ['import', '--generate', '--discard-material', '--does-not-expire'], 'say which key: --key'],
  ['no material', ['import', '--key', 'k', '--does-not-expire'], 'say where the material comes from'],
  ['no copy', ['import', '--key', 'k', '--generate', '--does-not-expire'], 'keep it with --save-material <file>'],
  ['no expiry', ['import', '--key', 'k', '--material-file', 'f'], 'say how long the material is valid'],
  ['an expiry that is past', ['import', '--valid-to', '2020-01-01'], 'within the next 365 days'],
  ['a time without zone', ['import', '--valid-to', '2027-01-01T00:00'], 'within the next 365 days'],
  ['a day that no month has', ['import', '--valid-to', dayOfNoMonth], 'within the next 365'],
  ['half of what was wrapped', ['import', '--parameters', 'p', '--does-not-expire'], 'go together'],
  ['both ways at once', ['import', '--key', 'k', '--generate', '--material-file', 'f'], 'cannot be used with'],
  ['a retired algorithm', ['import', '--wrapping-algorithm', 'RSAES_PKCS1_V1_5'], 'Allowed choices are'],
])('%s: a wrong command line says what to give', async (_name, words, message) => {
  const { code, stderr } = await keysmith(['import-material', ...words]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
});

test('an algorithm that does not suit the key is refused before KMS gives out anything', async () => {
  const key = await externalKey();
  const words = ['--generate', '--discard-material', '--does-not-expire'];
  const { code, stderr } = await keysmith(into(key, ...words, '--wrapping-algorithm', 'RSA_AES_KEY_WRAP_SHA_256'));
  expect(code).toBe(2);
  expect(stderr).toContain('use one of RSAES_OAEP_SHA_256, RSAES_OAEP_SHA_1, or leave it out');
});

test('what is wrapped does not take the place of the material, whichever name it is given by', async () => {
  const key = await externalKey();
  const parameters = at('own-parameters.json');
  await keysmith(['import-material', 'parameters', '--key', key, ...SHORT, '--out', parameters]);
  const material = randomBytes(32);
  writeFileSync(at('only.bin'), material, { mode: 0o600 });
  symlinkSync(at('only.bin'), at('only.link'));
  const wrap = ['import-material', 'wrap', '--parameters', parameters];
  const over = await keysmith([...wrap, '--material-file', at('only.bin'), '--out', at('only.link')]);
  expect(over).toMatchObject({ code: 1, stderr: expect.stringContaining('may be its only copy; name another file') });
  expect(readFileSync(at('only.bin')).equals(material)).toBe(true);
  const save = [...wrap, '--generate', '--save-material', at('new.bin')];
  expect((await keysmith([...save, '--out', at('new.bin')])).code).toBe(1);
  expect(statSync(at('new.bin'))).toMatchObject({ size: 32 });
});

test('the help shows the commands with examples', async () => {
  const { stdout } = await keysmith(['import-material', '--help']);
  for (const word of ['import', 'status', 'parameters', 'wrap', 'The material on a machine without network']) {
    expect(stdout).toContain(word);
  }
});
