// What a handler weighs that encrypts and decrypts, bundled as CDK's NodejsFunction does it, and what it takes to load
// it, encrypt once and decrypt once: each in a process of its own, in turns.

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { median } from '../../../bench/statistics.ts';

const ROUNDS = 15;

/** Where modules are looked up, and where bundles are written so that they find the SDK. */
const HERE = import.meta.dirname;
const FOLDER = mkdtempSync(join(HERE, '.bundle-'));

const KMS = `
const Plaintext = Buffer.alloc(32, 7), CiphertextBlob = Buffer.alloc(184, 8);
const KeyId = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const kms = { send: async () => ({ KeyId, Plaintext: new Uint8Array(Plaintext), CiphertextBlob }) };
`;

/** The declaration, in code. */
const DECLARED = "direction: 'both', wrapKeys: [KeyId], unwrapKeys: [KeyId], context: {}, requiredContext: ['tenant']";
/** The same as the construct writes it into the environment. */
const IN_ENVIRONMENT = `{ version: 1, ${DECLARED}, cache: { maxAgeSeconds: 300, maxMessages: 10000, maxBytes: 1073741824 } }`;

/**
 * Each begins with the SDK, which every one of them needs in a function, and ends with one message written and read. All of
 * them make the two commands that KMS is sent, by hand too: a client of the SDK takes nothing else.
 */
const HANDLERS = {
  'AES-GCM by hand': `
    import { DecryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
    import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
    ${KMS}
    const EncryptionContext = { tenant: 'a' };
    const { Plaintext: key } = await kms.send(new GenerateDataKeyCommand({ KeyId, EncryptionContext, NumberOfBytes: 32 }));
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, iv);
    const ciphertext = Buffer.concat([cipher.update('text'), cipher.final()]);
    const { Plaintext: again } = await kms.send(new DecryptCommand({ KeyId, EncryptionContext, CiphertextBlob }));
    const decipher = createDecipheriv('aes-256-gcm', again, iv).setAuthTag(cipher.getAuthTag());
    globalThis.out = [KMSClient, Buffer.concat([decipher.update(ciphertext), decipher.final()])];`,
  keysmith: `
    import { KMSClient } from '@aws-sdk/client-kms';
    import { envelope } from '@cdk-keysmith/envelope';
    ${KMS}
    process.env.KEYSMITH_ENVELOPE_Bench = JSON.stringify(${IN_ENVIRONMENT});
    const box = envelope('Bench', { kms });
    globalThis.out = [KMSClient, await box.decrypt(await box.encrypt('text', { tenant: 'a' }), { tenant: 'a' }, 'text')];`,
  'keysmith, from options': `
    import { KMSClient } from '@aws-sdk/client-kms';
    import { envelope } from '@cdk-keysmith/envelope';
    ${KMS}
    const box = envelope('Bench', { ${DECLARED}, kms });
    globalThis.out = [KMSClient, await box.decrypt(await box.encrypt('text', { tenant: 'a' }), { tenant: 'a' }, 'text')];`,
  'keysmith, loaded only': `
    import { KMSClient } from '@aws-sdk/client-kms';
    import { envelope } from '@cdk-keysmith/envelope';
    globalThis.out = [KMSClient, envelope];`,
  'official client': `
    import { DecryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
    import { buildClient, CommitmentPolicy, KmsKeyringNode } from '@aws-crypto/client-node';
    ${KMS}
    const client = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
    const official = {
      generateDataKey: (input) => kms.send(new GenerateDataKeyCommand(input)),
      decrypt: (input) => kms.send(new DecryptCommand(input)),
    };
    const keyring = new KmsKeyringNode({ generatorKeyId: KeyId, clientProvider: () => official });
    const { result } = await client.encrypt(keyring, 'text', { encryptionContext: { tenant: 'a' } });
    globalThis.out = [KMSClient, (await client.decrypt(keyring, result)).plaintext];`,
  'the SDK alone': `
    import { KMSClient } from '@aws-sdk/client-kms';
    globalThis.out = KMSClient;`,
};

const REQUIRE =
  "import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);";

async function bundled(name: string, contents: string): Promise<string> {
  const outfile = join(FOLDER, `${name.replace(/\W+/g, '-')}.mjs`);
  await build({
    stdin: { contents, resolveDir: HERE, sourcefile: 'handler.mjs' },
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['@aws-sdk/*', '@smithy/*'],
    // The official client is CommonJS, which asks for node's modules by a function that ES modules lack.
    banner: { js: name === 'official client' ? REQUIRE : '' },
    outfile,
    logLevel: 'error',
  });
  return outfile;
}

const run = promisify(execFile);
/**
 * Milliseconds within a fresh process, from before the import of the bundle until its last line has run. The SDK is loaded
 * before that: it takes ten times as long as all the rest, and differs from run to run by more than the rest.
 */
async function loaded(file: string): Promise<number> {
  const clock = 'process.hrtime.bigint()';
  const script =
    `await import('@aws-sdk/client-kms'); const begun = ${clock}; await import(${JSON.stringify(file)});` +
    `console.log(Number(${clock} - begun) / 1e6)`;
  const { stdout } = await run(process.execPath, ['--no-warnings', '--input-type=module', '-e', script], { cwd: HERE });
  return Number(stdout);
}

try {
  const files = await Promise.all(
    Object.entries(HANDLERS).map(async ([name, contents]) => ({
      name,
      file: await bundled(name, contents),
      millis: [] as number[],
    })),
  );
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const one of files) one.millis.push(await loaded(one.file));
  }
  const timeOf = (wanted: string): number => median(files.find(({ name }) => name === wanted)?.millis ?? []);
  // What only loads is held against loading the SDK, what also works against the same by hand.
  const bases = { 'keysmith, loaded only': 'the SDK alone', 'the SDK alone': 'the SDK alone' } as const;
  console.log('bundle, and load + first encrypt + first decrypt in a process of its own');
  for (const { name, file, millis } of files) {
    const code = readFileSync(file);
    const base = (bases as Record<string, string>)[name] ?? 'AES-GCM by hand';
    const over = `${(median(millis) - timeOf(base)).toFixed(1).padStart(7)} ms over ${base}`;
    console.log(
      `  ${name.padEnd(22)} ${String(code.length).padStart(8)} bytes ${String(gzipSync(code).length).padStart(7)} gzipped` +
        ` ${median(millis).toFixed(1).padStart(8)} ms ${over}`,
    );
  }
} finally {
  rmSync(FOLDER, { recursive: true, force: true });
}
