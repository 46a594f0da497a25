// Calls in the process, from a request that was signed beforehand to the bytes of its answer: signature, validation,
// policies and grants, cryptography and event are in it, the SDK's own work is not. The baseline is what no KMS can leave
// out. The goal is 30,000 calls a second, and no more than twice the time with 50,000 grants on the key or 100,000 keys.

import { randomBytes } from 'node:crypto';
import { createLocalKms, type LocalKms } from '@cdk-keysmith/local-kms';
import { bench } from '../../../bench/harness.ts';
import { ACCOUNT, REGION, writeApp } from './app.ts';
import { floor, opened, sealed } from './floor.ts';
import { answered, type Signer, signed } from './signed.ts';

const GRANTS = 50_000;
const KEYS = 100_000;
const CONTEXT = { service: 'orders', tenant: 'a' };
const app = writeApp(1);

/** A client in the process without an SDK. @param name - of a principal; left out: the administrator */
function clientOf(kms: LocalKms, name?: string) {
  const { requestHandler } = kms.clientConfig(name);
  const credentials = name === undefined ? kms.administratorCredentials() : kms.credentialsFor(name);
  const signer: Signer = { credentials, region: REGION, host: 'local-kms.invalid' };
  const request = (operation: string, input: object) => signed(signer, operation, input);
  return {
    request,
    send: requestHandler.handle,
    call: (operation: string, input: object) => answered(requestHandler, request(operation, input)),
  };
}

function keyOf(kms: LocalKms): string | undefined {
  return kms.keys().find(({ constructPath }) => constructPath === 'App/Key0')?.arn;
}

/** The two calls of a role of the app on its key. */
async function callsOf(kms: LocalKms) {
  const { request, send, call } = clientOf(kms, 'Writer');
  const asked = { KeyId: keyOf(kms), KeySpec: 'AES_256', EncryptionContext: CONTEXT };
  const { CiphertextBlob } = await call('GenerateDataKey', asked);
  await call('Decrypt', { CiphertextBlob, EncryptionContext: CONTEXT });
  const generate = request('GenerateDataKey', asked);
  const decrypt = request('Decrypt', { CiphertextBlob, EncryptionContext: CONTEXT });
  return {
    generate: () => send(generate),
    decrypt: () => send(decrypt),
    // The least that the same requests take.
    generateFloor: () => floor('GenerateDataKey', Buffer.from(generate.body)),
    decryptFloor: () => floor('Decrypt', Buffer.from(decrypt.body)),
  };
}

/** Grants to others, one to each of so many roles. */
function toOthers(at: number): object {
  return { GranteePrincipal: `arn:aws:iam::${ACCOUNT}:role/Reader${at}`, Operations: ['Decrypt'] };
}

/** Grants to the caller itself, one for each of so many tenants. */
function toCaller(at: number): object {
  const Constraints = { EncryptionContextSubset: { tenant: String(at) } };
  return { GranteePrincipal: `arn:aws:iam::${ACCOUNT}:role/Writer`, Operations: ['Decrypt'], Constraints };
}

async function addGrants(kms: LocalKms, count: number, grant: (at: number) => object): Promise<void> {
  const { call } = clientOf(kms);
  const KeyId = keyOf(kms);
  for (let at = 0; at < count; at += 1) await call('CreateGrant', { KeyId, ...grant(at) });
}

/** Keys of the account, all of them rotated automatically. */
async function addKeys(kms: LocalKms, count: number): Promise<void> {
  const { call } = clientOf(kms);
  for (let at = 0; at < count; at += 1) {
    const { KeyMetadata } = await call('CreateKey', {});
    const { KeyId } = KeyMetadata as { readonly KeyId: string };
    await call('EnableKeyRotation', { KeyId });
  }
}

const dataKey = randomBytes(32);
const blob = sealed(dataKey);
const plain = createLocalKms({ app });
const granted = createLocalKms({ app });
const holding = createLocalKms({ app });
const many = createLocalKms({ app });
console.log(`${GRANTS.toLocaleString('en')} grants and ${KEYS.toLocaleString('en')} keys are being made`);
await addGrants(granted, GRANTS, toOthers);
await addGrants(holding, GRANTS, toCaller);
await addKeys(many, KEYS);

const alone = await callsOf(plain);
const amongGrants = await callsOf(granted);
const amongOwn = await callsOf(holding);
const amongKeys = await callsOf(many);
await bench('GenerateDataKey in the process', {
  baseline: 'signature, JSON and cipher alone',
  cases: {
    'cipher alone': () => sealed(dataKey),
    'signature, JSON and cipher alone': alone.generateFloor,
    'one key': alone.generate,
    'with 50,000 grants to others on the key': amongGrants.generate,
    'with 50,000 grants to the caller itself': amongOwn.generate,
    'with 100,000 keys': amongKeys.generate,
  },
});
await bench('Decrypt in the process', {
  baseline: 'signature, JSON and cipher alone',
  cases: {
    'cipher alone': () => opened(blob),
    'signature, JSON and cipher alone': alone.decryptFloor,
    'one key': alone.decrypt,
    'with 50,000 grants to others on the key': amongGrants.decrypt,
    'with 50,000 grants to the caller itself': amongOwn.decrypt,
    'with 100,000 keys': amongKeys.decrypt,
  },
});

const large = writeApp(200);
await bench('start with an app of 200 keys', {
  baseline: 'app of 1 key',
  rounds: 5,
  cases: {
    'app of 1 key': () => createLocalKms({ app }).close(),
    'app of 200 keys': () => createLocalKms({ app: large }).close(),
  },
});
