import {
  CreateGrantCommand,
  CreateKeyCommand,
  DecryptCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyPairCommand,
  GenerateRandomCommand,
  type KeySpec,
  type KeyUsageType,
  SignCommand,
  VerifyCommand,
} from '@aws-sdk/client-kms';
import { createLocalKms, type LocalKms } from '@cdk-keysmith/local-kms';
import { SYSTEM, seededSource, usingRandom } from '../src/crypto/random.ts';
import { clientAs, keyArnOf, LEDGER } from './support.ts';

/** What a test would do, and all that it got and that was recorded of it. */
async function play(kms: LocalKms): Promise<readonly string[]> {
  const client = clientAs(kms);
  const EncryptionContext = { tenant: 'a' };
  const KeyId = keyArnOf(kms, 'Ledger/Key');
  const answers: unknown[] = [
    await client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.of(1), EncryptionContext })),
    await client.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' })),
    await client.send(new GenerateDataKeyPairCommand({ KeyId, KeyPairSpec: 'ECC_NIST_P256' })),
    await client.send(new GenerateRandomCommand({ NumberOfBytes: 8 })),
    await client.send(
      new CreateGrantCommand({ KeyId, GranteePrincipal: 'arn:aws:iam::111122223333:user/x', Operations: ['Decrypt'] }),
    ),
  ];
  for (const [spec, algorithm] of [
    ['ECC_NIST_P256', 'ECDSA_SHA_256'],
    ['ECC_SECG_P256K1', 'ECDSA_SHA_256'],
    ['ECC_NIST_EDWARDS25519', 'ED25519_SHA_512'],
  ] as const) {
    const made = await client.send(
      new CreateKeyCommand({ KeySpec: spec as KeySpec, KeyUsage: 'SIGN_VERIFY' as KeyUsageType }),
    );
    const request = { KeyId: made.KeyMetadata?.KeyId, Message: Buffer.of(1), SigningAlgorithm: algorithm };
    const signed = await client.send(new SignCommand(request));
    await client.send(new VerifyCommand({ ...request, Signature: signed.Signature }));
    answers.push(made, signed);
  }
  // How long an attempt took is the SDK's affair.
  const bytes = (name: string, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('hex') : name === 'totalRetryDelay' ? 0 : value;
  return [...answers, ...kms.events].map((one) => JSON.stringify(one, bytes));
}

describe('a deterministic local KMS', () => {
  const options = { app: LEDGER, deterministic: 'a seed' };

  test('gives the same bytes for the same calls, from the start and after a reset', async () => {
    const kms = createLocalKms(options);
    const first = await play(kms);
    expect(first.length).toBeGreaterThan(20);
    kms.reset();
    // Compared one by one: what failed is then told in few lines.
    for (const again of [await play(kms), await play(createLocalKms(options))]) {
      expect(again.filter((one, index) => one !== first[index])).toEqual([]);
    }
    const other = await play(createLocalKms({ ...options, deterministic: 'another seed' }));
    expect(other.filter((one) => first.includes(one))).toEqual([]);
  });

  test('stands still in time until it is moved, and signatures are those of now', async () => {
    const kms = createLocalKms(options);
    await clientAs(kms).send(new CreateKeyCommand({}));
    expect(new Set(kms.events.map(({ eventTime }) => eventTime))).toEqual(new Set(['2026-01-01T00:00:00Z']));
    kms.clock.advance(86_400_000);
    expect(kms.clock.now()).toEqual(new Date('2026-01-02T00:00:00Z'));
  });

  test('gives a key the same material whatever else there is', async () => {
    const [one, other] = [createLocalKms(options), createLocalKms({ ...options, account: '111122223333' })];
    const KeyId = keyArnOf(one, 'Ledger/Key');
    await clientAs(one).send(new CreateKeyCommand({}));
    const { CiphertextBlob } = await clientAs(one).send(new EncryptCommand({ KeyId, Plaintext: Buffer.of(1) }));
    const { Plaintext } = await clientAs(other).send(new DecryptCommand({ CiphertextBlob }));
    expect(Plaintext).toEqual(Uint8Array.of(1));
  });

  test.each(['', 'x'.repeat(1025)])('needs a seed of 1 to 1,024 characters', (deterministic) => {
    expect(() => createLocalKms({ deterministic })).toThrow(/deterministic must be text of 1 to 1024 characters/);
  });
});

describe('a source of random bytes', () => {
  test('gives a thing its own, whatever else was asked for', () => {
    const [one, other] = [seededSource('a'), seededSource('a')];
    other.bytes(100);
    expect(one.named('x').bytes(8)).toEqual(other.named('x').bytes(8));
    expect(one.named('x', 'y').bytes(8)).not.toEqual(one.named('xy').bytes(8));
    expect(seededSource('b').bytes(8)).not.toEqual(seededSource('a').bytes(8));
    expect(SYSTEM.named('x').bytes(8)).not.toEqual(SYSTEM.named('x').bytes(8));
  });

  test('is used for a call and no longer, and not after one that failed', () => {
    const source = seededSource('a');
    expect(() =>
      usingRandom(source, () => {
        throw new Error('x');
      }),
    ).toThrow('x');
    expect(createLocalKms({ app: LEDGER }).problems.join()).not.toMatch(/deterministic/);
  });
});
