import { generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  AlgorithmSuiteIdentifier,
  buildClient,
  CommitmentPolicy,
  KmsKeyringNode,
  MultiKeyringNode,
  RawAesKeyringNode,
  RawAesWrappingSuiteIdentifier,
  RawRsaKeyringNode,
} from '@aws-crypto/client-node';
import { UNSIGNED_SUITE } from '../src/committing.ts';
import { openEnvelope } from '../src/envelope.ts';
import type { Envelope } from '../src/index.ts';
import { kmsWrapping } from '../src/kms/wrapping.ts';
import type { Settings } from '../src/options.ts';
import { rawAesWrapping } from '../src/raw/aes.ts';
import { anyOf } from '../src/raw/names.ts';
import { rawRsaWrapping } from '../src/raw/rsa.ts';
import type { DataKeyWrapping } from '../src/wrapping.ts';
import { localKms } from './kms.ts';
import { EVERYTHING, KEY, OTHER_KEY, SIGNED, settingsFor } from './settings.ts';

type Keyring = Parameters<(typeof official)['encrypt']>[0];

/** Reads and writes every suite. */
const official = buildClient(CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT);
/** Writes committing suites. */
const committing = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);

const AES = { keyNamespace: 'orders', keyName: 'first' };
const RSA = { keyNamespace: 'orders', keyName: 'pair' };
const key = randomBytes(32);
const pem = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const kms = localKms();
const clientProvider = () => kms as never;
const context = { tenant: 'a', purpose: 'token' };

/** Lengths around the ends of frames of 16 bytes. */
const LENGTHS = [0, 1, 15, 16, 17, 31, 32, 33, 1000];

function aesKeyring(): Keyring {
  return new RawAesKeyringNode({
    ...AES,
    // The keyring isolates the key, and wants memory that nothing else shares for that.
    unencryptedMasterKey: new Uint8Array(key),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
  });
}

function box(wrapping: DataKeyWrapping, over: Partial<Settings> = {}): Envelope {
  return openEnvelope(settingsFor(wrapping, { frameLength: 16, formats: EVERYTHING, ...over }));
}

const aes = rawAesWrapping({ ...AES, key });

/** Every suite that the official client names. */
const SUITES = Object.entries(AlgorithmSuiteIdentifier)
  .filter((entry): entry is [string, AlgorithmSuiteIdentifier] => typeof entry[1] === 'number')
  .map(([name, suiteId]) => ({ name, suiteId }));

describe('what the official client writes with', () => {
  test('is every published suite', () => {
    expect(SUITES.length).toBe(11);
  });

  test.each(SUITES)('$name opens here, at every length around the ends of frames', async ({ suiteId }) => {
    const writer = suiteId === 0x0478 || suiteId === 0x0578 ? committing : official;
    for (const length of LENGTHS) {
      const plaintext = randomBytes(length);
      const { result } = await writer.encrypt(aesKeyring(), plaintext, {
        suiteId,
        frameLength: 16,
        encryptionContext: context,
      });
      expect(Buffer.from(await box(aes).decrypt(result, { tenant: 'a' })).equals(plaintext)).toBe(true);
    }
  });

  test.each(SUITES)(
    '$name is refused by default, unless it is unsigned and commits to its key',
    async ({ suiteId }) => {
      const commits = suiteId === 0x0478 || suiteId === 0x0578;
      const { result } = await (commits ? committing : official).encrypt(aesKeyring(), 'x', { suiteId });
      const strict = openEnvelope(settingsFor(aes));
      if (suiteId === 0x0478) {
        expect(await strict.decrypt(result, {}, 'text')).toBe('x');
        return;
      }
      await expect(strict.decrypt(result, {})).rejects.toMatchObject({
        code: 'UNSUPPORTED_MESSAGE',
        message: expect.stringContaining(`reads: [${commits ? 'signedMessages' : 'nonCommittingMessages'}]`),
      });
    },
  );
});

const UNSIGNED = { suite: UNSIGNED_SUITE };
const WRITTEN = [UNSIGNED, SIGNED].flatMap((over) =>
  LENGTHS.map((length) => ({ name: over.suite.name, over, length })),
);

describe('what is written here with', () => {
  test.each(WRITTEN)('$name, $length bytes, opens with the official client', async ({ over, length }) => {
    const plaintext = randomBytes(length);
    const message = await box(aes, over).encrypt(plaintext, context);
    const opened = await committing.decrypt(aesKeyring(), message);
    expect(opened.plaintext.equals(plaintext)).toBe(true);
    expect({ ...opened.messageHeader.encryptionContext }).toMatchObject(context);
    expect(Buffer.from(await box(aes).decrypt(message, context)).equals(plaintext)).toBe(true);
  });
});

/** Each kind of wrapping here, and the keyring of the official client that is the same. */
const WRAPPINGS: readonly [name: string, wrapping: () => DataKeyWrapping, keyring: () => Keyring][] = [
  ['raw AES', () => aes, aesKeyring],
  ...(['sha1', 'sha256', 'sha384', 'sha512'] as const).map(
    (oaepHash): [string, () => DataKeyWrapping, () => Keyring] => [
      `raw RSA, OAEP with ${oaepHash}`,
      () => rawRsaWrapping({ ...RSA, privateKey: pem.privateKey, oaepHash }),
      () => new RawRsaKeyringNode({ ...RSA, rsaKey: pem, oaepHash }),
    ],
  ),
  [
    'a KMS key',
    () => kmsWrapping({ wrapKeys: [KEY], unwrapKeys: [KEY], client: kms }),
    () => new KmsKeyringNode({ generatorKeyId: KEY, clientProvider }),
  ],
  [
    'several KMS keys',
    () => kmsWrapping({ wrapKeys: [KEY, OTHER_KEY], unwrapKeys: [OTHER_KEY], client: kms }),
    () => new KmsKeyringNode({ generatorKeyId: OTHER_KEY, keyIds: [KEY], clientProvider }),
  ],
  [
    'a KMS key of a discovered account',
    () => kmsWrapping({ wrapKeys: [KEY], discovery: { partition: 'aws', accounts: ['111122223333'] }, client: kms }),
    () => new KmsKeyringNode({ generatorKeyId: KEY, clientProvider }),
  ],
  [
    'keys of different kinds',
    () => anyOf(kmsWrapping({ wrapKeys: [KEY], unwrapKeys: [KEY], client: kms }), aes),
    () =>
      new MultiKeyringNode({
        generator: aesKeyring() as RawAesKeyringNode,
        children: [new KmsKeyringNode({ keyIds: [KEY], clientProvider })],
      }),
  ],
];

describe('wrapped by', () => {
  test.each(WRAPPINGS)('%s, messages open on both sides', async (_name, wrapping, keyring) => {
    for (const over of [UNSIGNED, SIGNED]) {
      const message = await box(wrapping(), over).encrypt('both ways', context);
      expect((await committing.decrypt(keyring(), message)).plaintext.toString()).toBe('both ways');
    }
    const { result } = await committing.encrypt(keyring(), 'and back', { encryptionContext: context });
    expect(await box(wrapping()).decrypt(result, context, 'text')).toBe('and back');
  });
});
