import { DecryptCommand, EncryptCommand, GenerateDataKeyCommand, ListKeysCommand } from '@aws-sdk/client-kms';
import { createLocalKms, denialOf, LocalKmsError, startLocalKms } from '@cdk-keysmith/local-kms';
import { matchers } from '../src/matchers.ts';
import { clientAs, failure, keyArnOf, LEDGER } from './support.ts';

expect.extend(matchers);

const kms = createLocalKms({ app: LEDGER });
const KeyId = keyArnOf(kms, 'Ledger/Key');
const writer = clientAs(kms, 'Ledger/Writer');
const EncryptionContext = { service: 'ledger', tenant: 'a' };
const allowed = () => writer.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256', EncryptionContext }));
const denied = () => writer.send(new EncryptCommand({ KeyId, Plaintext: Buffer.of(1), EncryptionContext }));
const failed = () => kms.client().then((one) => one.send(new DecryptCommand({ CiphertextBlob: Buffer.of(1) })));

/** What the test would print. */
const message = (check: Promise<unknown>) => failure(check).then((error) => error.message);

describe('the matchers', () => {
  test('are satisfied by what the policies said', async () => {
    await expect(denied()).toBeDeniedBecause(/^no identity policy of Ledger\/Writer/, 'allows kms:Encrypt');
    await expect(denied).toBeDeniedBecause('no identity policy');
    await expect(allowed()).toBeAllowed();
    await expect(denied()).not.toBeAllowed();
    await expect(denied()).rejects.toBeDeniedBecause('no identity policy');
    await expect(denied()).not.toBeDeniedBecause('boundary');
    const wrapped = denied().catch((cause) => Promise.reject(new Error('sealing failed', { cause })));
    await expect(wrapped).toBeDeniedBecause(/no identity policy/g);
  });

  test('say what they saw instead', async () => {
    expect(await message(expect(allowed()).toBeDeniedBecause('no identity policy'))).toMatch(
      /^the call was to be denied because of "no identity policy", but GenerateDataKey by arn:aws:iam::111122223333:role\/Ledger-WriterRole was allowed:\n {2}- /,
    );
    expect(await message(expect(denied()).toBeDeniedBecause(/boundary/, 'no identity policy'))).toMatch(
      /^the call was to be denied because of \/boundary\/, but Encrypt by .* was denied:\n {2}- no identity policy/,
    );
    expect(await message(expect(denied()).toBeAllowed())).toMatch(
      /^the call was to be allowed, but Encrypt by .* was denied/,
    );
    expect(await message(expect(allowed()).not.toBeAllowed())).toMatch(/^the call was not to be allowed, but/);
    expect(await message(expect(failed()).toBeAllowed())).toMatch(
      /but Decrypt by .* failed with InvalidCiphertextException/,
    );
    expect(await message(expect(Promise.reject(new Error('x'))).toBeAllowed())).toBe(
      'the call was to be allowed, but it is no call to a local KMS of this process: Error: x',
    );
    expect(await message(expect(Promise.resolve(1)).toBeAllowed())).toMatch(/it is no call to a local KMS/);
  });

  test('take no denial without a reason', async () => {
    const none = expect(denied()) as unknown as { toBeDeniedBecause(): Promise<void> };
    expect(await message(none.toBeDeniedBecause())).toMatch(/say at least one reason/);
  });

  test('tell what cannot be decided from what is denied', async () => {
    const key = keyArnOf(kms, 'Ledger/PartnerKey');
    const request = new EncryptCommand({ KeyId: key, Plaintext: Buffer.of(1), EncryptionContext: { partner: 'x' } });
    await expect(writer.send(request)).toBeUndecidedBecause(/Partner/);
    await expect(writer.send(request)).not.toBeDeniedBecause(/Partner/);
  });

  test('see calls over a socket, and those that mode report let pass', async () => {
    await using server = await startLocalKms({ app: LEDGER, mode: 'report' });
    const client = clientAs(server, 'Ledger/Writer', { endpoint: server.url, requestHandler: {} });
    await expect(client.send(new ListKeysCommand({}))).toBeDeniedBecause('no identity policy');
    client.destroy();
  });
});

describe('a denial', () => {
  test('is told of a call that was denied, without any framework', async () => {
    const denial = await denialOf(denied());
    expect(denial).toMatchObject({
      operation: 'Encrypt',
      principal: 'arn:aws:iam::111122223333:role/Ledger-WriterRole',
      resources: [KeyId],
      reasons: [expect.stringMatching(/^no identity policy/), ...denial.reasons.slice(1)],
    });
    expect(kms.lastDenial()).toEqual(denial);
    expect(createLocalKms().lastDenial()).toBeUndefined();
  });

  test('of a call that was none is an error that says what it was', async () => {
    await expect(denialOf(allowed)).rejects.toThrow(LocalKmsError);
    await expect(denialOf(failed)).rejects.toMatchObject({
      code: 'NOT_DENIED',
      message: expect.stringMatching(/^the call was to be denied, but Decrypt by .* failed/),
    });
  });
});
