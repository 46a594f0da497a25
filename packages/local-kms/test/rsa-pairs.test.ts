import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalKms, type LocalKms, openLocalKms } from '@cdk-keysmith/local-kms';
import { raw } from './support.ts';

async function keyOf(kms: LocalKms, KeySpec: string, KeyUsage: string): Promise<string> {
  const { body } = await raw(kms, 'CreateKey', { KeySpec, KeyUsage });
  return (body['KeyMetadata'] as { KeyId: string }).KeyId;
}

/** The operations in the order in which they were answered. */
async function order(kms: LocalKms, calls: readonly (readonly [string, object])[]): Promise<readonly string[]> {
  const answered: string[] = [];
  await Promise.all(
    calls.map(async ([operation, body]) => {
      const { status } = await raw(kms, operation, body);
      answered.push(`${operation} ${status}`);
    }),
  );
  return answered;
}

describe('a call that needs an RSA pair which is not there', () => {
  test('waits alone, and is one call', async () => {
    const kms = createLocalKms();
    const KeyId = await keyOf(kms, 'SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT');
    const pair = { KeyId, KeyPairSpec: 'RSA_2048' };
    kms.inject({ operation: 'GenerateDataKeyPair', times: 2, fault: { kind: 'latency', millis: 1 } });
    const before = kms.events.length;
    expect(
      await order(kms, [
        ['GenerateDataKeyPair', pair],
        ['ListKeys', {}],
      ]),
    ).toEqual(['ListKeys 200', 'GenerateDataKeyPair 200']);
    const events = kms.events.slice(before);
    expect(events.map(({ eventName }) => eventName)).toEqual(['ListKeys', 'GenerateDataKeyPair']);
    expect(events[1]?.injectedFaults).toHaveLength(1);
    expect(kms.faults()).toMatchObject([{ fired: 1 }]);
  });

  test('is decided by what holds when the pair is there', async () => {
    const kms = createLocalKms();
    const KeyId = await keyOf(kms, 'RSA_2048', 'SIGN_VERIFY');
    const sign = { KeyId, Message: 'AAAA', SigningAlgorithm: 'RSASSA_PSS_SHA_256' };
    expect(
      await order(kms, [
        ['Sign', sign],
        ['DisableKey', { KeyId }],
      ]),
    ).toEqual(['DisableKey 200', 'Sign 400']);
    expect(kms.events.at(-1)?.errorCode).toBe('DisabledException');
    await raw(kms, 'EnableKey', { KeyId });
    const { body } = await raw(kms, 'Sign', sign);
    expect(await raw(kms, 'Verify', { ...sign, Signature: body['Signature'] })).toMatchObject({ status: 200 });
  });

  test('keeps others waiting in deterministic mode, where the order of calls is the order of random bytes', async () => {
    const kms = createLocalKms({ deterministic: 'seed' });
    const KeyId = await keyOf(kms, 'RSA_2048', 'SIGN_VERIFY');
    expect(
      await order(kms, [
        ['GetPublicKey', { KeyId }],
        ['CreateKey', {}],
      ]),
    ).toEqual(['GetPublicKey 200', 'CreateKey 200']);
  });

  test('gets a pair of its own', async () => {
    const kms = createLocalKms();
    const keys = await Promise.all([1, 2, 3].map(() => keyOf(kms, 'RSA_2048', 'ENCRYPT_DECRYPT')));
    const publicKeys = await Promise.all(keys.map(async (KeyId) => (await raw(kms, 'GetPublicKey', { KeyId })).body));
    expect(new Set(publicKeys.map((body) => body['PublicKey'])).size).toBe(3);
  });

  test('fails like a broken connection when the KMS is closed or reset before, and touches its state no more', async () => {
    const state = mkdtempSync(join(tmpdir(), 'local-kms-rsa-'));
    try {
      const first = await openLocalKms({ state });
      const KeyId = await keyOf(first, 'RSA_3072', 'SIGN_VERIFY');
      const closing = raw(first, 'GetPublicKey', { KeyId }).catch((error: Error) => error.message);
      // Whose turn is later.
      await raw(first, 'ListKeys', {});
      await first.close();
      expect(await closing).toBe('read ECONNRESET');
      await expect(raw(first, 'CreateKey', {})).rejects.toMatchObject({ code: 'CLOSED' });
      const second = await openLocalKms({ state });
      expect(second.keys()).toHaveLength(1);
      await second.close();

      const kms = createLocalKms();
      const other = await keyOf(kms, 'RSA_3072', 'SIGN_VERIFY');
      const resetting = raw(kms, 'GetPublicKey', { KeyId: other }).catch((error: Error) => error.message);
      await raw(kms, 'ListKeys', {});
      kms.reset();
      expect(await resetting).toBe('read ECONNRESET');
      expect(kms.events).toEqual([]);
      // What was given up is made all the same, and is there for others: nothing goes on beyond the test.
      for (const _ of [first, kms]) {
        const next = await keyOf(kms, 'RSA_3072', 'SIGN_VERIFY');
        expect((await raw(kms, 'GetPublicKey', { KeyId: next })).status).toBe(200);
      }
    } finally {
      rmSync(state, { recursive: true });
    }
  });

  test('leaves others their turn where keys are kept in a folder, and is kept itself', async () => {
    const state = mkdtempSync(join(tmpdir(), 'local-kms-rsa-'));
    try {
      const first = await openLocalKms({ state });
      const KeyId = await keyOf(first, 'RSA_2048', 'ENCRYPT_DECRYPT');
      const encrypt = { KeyId, Plaintext: 'AAAA', EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' };
      expect(
        await order(first, [
          ['GetPublicKey', { KeyId }],
          ['CreateKey', {}],
        ]),
      ).toEqual(['CreateKey 200', 'GetPublicKey 200']);
      const { body } = await raw(first, 'Encrypt', encrypt);
      await first.close();
      const second = await openLocalKms({ state });
      const opened = await raw(second, 'Decrypt', { ...encrypt, CiphertextBlob: body['CiphertextBlob'] });
      expect(opened.body['Plaintext']).toBe('AAAA');
      await second.close();
    } finally {
      rmSync(state, { recursive: true });
    }
  });
});
