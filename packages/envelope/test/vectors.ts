import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { DecryptCommandInput } from '@aws-sdk/client-kms';
import { parseKeyArn } from '../src/arn.ts';
import { nonCommittingMessages } from '../src/formats/non-committing.ts';
import { nonFramedMessages } from '../src/formats/non-framed.ts';
import { signedMessages } from '../src/formats/signed.ts';
import { unstoredContext } from '../src/formats/unstored-context.ts';
import { formatsOf } from '../src/formats.ts';
import type { KmsClient } from '../src/kms/client.ts';
import { type KmsWrappingOptions, kmsWrapping } from '../src/kms/wrapping.ts';
import type { Settings } from '../src/options.ts';
import { rawAesWrapping } from '../src/raw/aes.ts';
import { rawEcdhReading } from '../src/raw/ecdh.ts';
import { anyOf } from '../src/raw/names.ts';
import { type OaepHash, rawRsaWrapping } from '../src/raw/rsa.ts';
import type { DataKeyWrapping } from '../src/wrapping.ts';
import { CONTRACT, settingsFor } from './settings.ts';

interface RawKeyring {
  readonly type: 'raw-aes' | 'raw-rsa' | 'raw-ecdh' | 'aws-kms-hierarchy';
  readonly keyNamespace: string;
  readonly keyName: string;
  readonly key: string;
  readonly privateKey: string;
  readonly padding?: string;
  readonly schema?: string;
  readonly hash: string;
}
interface KmsAnswer {
  readonly ciphertextBlobBase64: string;
  readonly requestKeyId?: string;
  readonly keyId: string;
  readonly encryptionContext?: Record<string, string>;
  readonly plaintextBase64?: string;
  readonly error?: string;
}
interface KmsKeyring {
  readonly type: 'aws-kms-fake';
  readonly mode: 'strict' | 'discovery' | 'mrk' | 'mrk-discovery';
  readonly keyIds?: readonly string[];
  readonly region?: string;
  readonly discoveryFilter?: { readonly partition: string; readonly accountIDs: readonly string[] };
  readonly responses: readonly KmsAnswer[];
}
type Keyring =
  | RawKeyring
  | KmsKeyring
  | { readonly type: 'static-data-key'; readonly dataKeyBase64: string }
  | {
      readonly type: 'multi';
      readonly generator: RawKeyring | KmsKeyring;
      readonly children: readonly (RawKeyring | KmsKeyring)[];
    };

/** One line of the file; what its members mean is in the README beside it. */
export interface Vector {
  readonly id: string;
  readonly expect: 'success' | 'failure';
  readonly keyring: Keyring;
  readonly cmm?: { readonly requiredKeys: readonly string[] | null };
  readonly stage?: string;
  readonly header?: {
    readonly suite: string;
    readonly contentType: string;
    readonly signed: boolean;
    readonly frameLength: number;
  } | null;
  readonly ciphertextBase64: string;
  readonly plaintextBase64?: string;
  readonly maxEncryptedDataKeys?: number;
  readonly commitmentPolicy?: string;
  readonly unsignedOnly?: boolean;
  readonly authenticatedPrefixBytes?: number;
  readonly reproducedEncryptionContext?: Record<string, string>;
}
interface TestKey {
  readonly base64: string;
  readonly pem: string;
}

const folder = join(process.env['KEYSMITH_VECTORS'] ?? join(__dirname, '../../../../shared/vectors'), 'esdk');
const present = existsSync(join(folder, 'vectors.jsonl.gz'));

/** `describe` where the vectors are on the machine. */
export const withVectors = present ? describe : describe.skip;

const keys: Record<string, TestKey> = present
  ? JSON.parse(readFileSync(join(folder, 'keys.json'), 'utf8')).keys
  : Object.create(null);

/** All vectors. */
export const VECTORS: readonly Vector[] = present
  ? gunzipSync(readFileSync(join(folder, 'vectors.jsonl.gz')))
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Vector)
  : [];

/** Keyrings that there are no wrappings for here, and why. */
const NOT_READ = {
  pkcs1: 'RSA with the padding of PKCS #1 v1.5 is not offered: its errors can be used to read without the key',
  'aws-kms-hierarchy': 'the hierarchical keyring needs a branch key store',
} as const;

/** Why a vector is not decided here; `undefined` for those that are. */
export function skipReason({ keyring }: Vector): keyof typeof NOT_READ | undefined {
  const rings = keyring.type === 'multi' ? [keyring.generator, ...keyring.children] : [keyring];
  const reasons = rings.map(reasonOf);
  // One readable keyring of several is enough.
  return reasons.includes(undefined) ? undefined : reasons[0];
}

function reasonOf(ring: Exclude<Keyring, { readonly type: 'multi' }>): keyof typeof NOT_READ | undefined {
  if (ring.type === 'raw-rsa') return ring.padding === 'oaep-mgf1' ? undefined : 'pkcs1';
  return ring.type in NOT_READ ? (ring.type as keyof typeof NOT_READ) : undefined;
}

function rawWrapping(ring: RawKeyring): DataKeyWrapping {
  const { keyNamespace, keyName } = ring;
  if (ring.type === 'raw-aes') {
    return rawAesWrapping({ keyNamespace, keyName, key: Buffer.from(keys[ring.key]?.base64 ?? '', 'base64') });
  }
  const privateKey = keys[ring.privateKey]?.pem ?? '';
  if (ring.type === 'raw-ecdh') return rawEcdhReading({ privateKey });
  return rawRsaWrapping({ keyNamespace, keyName, privateKey, oaepHash: ring.hash as OaepHash });
}

/** A KMS that knows the answers of one vector. */
function answering(answers: readonly KmsAnswer[]): KmsClient {
  return {
    send: async (command) => {
      const { KeyId, CiphertextBlob, EncryptionContext } = command.input as DecryptCommandInput;
      const blob = Buffer.from(CiphertextBlob ?? []).toString('base64');
      const sorted = JSON.stringify(Object.entries(EncryptionContext ?? {}).sort());
      const answer = answers.find(
        (candidate) =>
          candidate.ciphertextBlobBase64 === blob &&
          (candidate.requestKeyId ?? candidate.keyId) === KeyId &&
          (candidate.encryptionContext === undefined ||
            JSON.stringify(Object.entries(candidate.encryptionContext).sort()) === sorted),
      );
      if (answer?.plaintextBase64 === undefined) throw new Error(answer?.error ?? 'no such ciphertext');
      return { KeyId: answer.keyId, Plaintext: Buffer.from(answer.plaintextBase64, 'base64') };
    },
  };
}

function kmsOptions(ring: KmsKeyring): KmsWrappingOptions {
  const arns = ring.keyIds ?? [];
  if (ring.mode === 'strict') return { unwrapKeys: arns };
  if (ring.mode === 'mrk') return { unwrapKeys: arns, replicas: 'read' };
  // Discovery without a filter is not offered: here it means the accounts of the keys that answer.
  const accounts = ring.responses.map(({ keyId }) => parseKeyArn(keyId)?.account ?? '444455556666');
  const { partition, accountIDs } = ring.discoveryFilter ?? {
    partition: 'aws',
    accountIDs: ['444455556666', ...accounts],
  };
  const region = ring.mode === 'mrk-discovery' && ring.region !== undefined ? { region: ring.region } : {};
  return { discovery: { partition, accounts: accountIDs, ...region } };
}

function wrappingOf(keyring: Keyring): DataKeyWrapping {
  switch (keyring.type) {
    case 'static-data-key':
      return {
        wrapDataKey: () => Promise.reject(new Error('unwraps only')),
        unwrapDataKey: async () => Buffer.from(keyring.dataKeyBase64, 'base64'),
      };
    case 'multi': {
      const rings = [keyring.generator, ...keyring.children].filter((ring) => reasonOf(ring) === undefined);
      const [first, ...others] = rings.map(wrappingOf);
      if (first === undefined) throw new Error('no readable keyring');
      return anyOf(first, ...others);
    }
    case 'aws-kms-fake':
      return kmsWrapping({ ...kmsOptions(keyring), client: answering(keyring.responses) });
    default:
      return rawWrapping(keyring);
  }
}

/** The settings under which a vector is read. */
export function settingsOfVector(vector: Vector): Settings {
  const asked = vector.reproducedEncryptionContext ?? {};
  const requiredContext = vector.cmm?.requiredKeys ?? [];
  const settings = settingsFor(wrappingOf(vector.keyring), {
    maxEncryptedDataKeys: vector.maxEncryptedDataKeys ?? 65_535,
    formats: formatsOf([
      signedMessages,
      nonFramedMessages,
      unstoredContext(...Object.keys(asked)),
      ...(vector.commitmentPolicy === 'REQUIRE_ENCRYPT_REQUIRE_DECRYPT' ? [] : [nonCommittingMessages]),
    ]),
  });
  return { ...settings, contract: { ...CONTRACT, context: settings.contract.context, requiredContext } };
}
