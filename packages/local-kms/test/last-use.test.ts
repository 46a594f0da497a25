import {
  DecryptCommand,
  DisableKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GetKeyLastUsageCommand,
  KeyLastUsageTrackingOperation,
  ReEncryptCommand,
} from '@aws-sdk/client-kms';
import { createLocalKms } from '@cdk-keysmith/local-kms';
import { OPERATIONS_THAT_USE } from '../src/call/last-use.ts';
import { administrator, failure, newKey } from './support.ts';

describe('GetKeyLastUsage', () => {
  const kms = createLocalKms();
  const client = administrator(kms);
  const lastUse = (KeyId: string) => client.send(new GetKeyLastUsageCommand({ KeyId }));

  test('of a key that was never used has an empty object, and since when it is tracked', async () => {
    const { id, arn } = await newKey(client);
    const { KeyId, KeyLastUsage, TrackingStartDate, KeyCreationDate } = await lastUse(arn);
    expect({ KeyId, KeyLastUsage }).toEqual({ KeyId: id, KeyLastUsage: {} });
    expect(TrackingStartDate).toEqual(KeyCreationDate);
    expect(TrackingStartDate).toBeInstanceOf(Date);
  });

  test('names the last successful use, with the ids of its event and request', async () => {
    const { id } = await newKey(client);
    const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId: id, Plaintext: Buffer.from('chalk') }));
    const { $metadata } = await client.send(new DecryptCommand({ CiphertextBlob }));
    const event = kms.events.at(-1);
    expect((await lastUse(id)).KeyLastUsage).toEqual({
      Operation: 'Decrypt',
      Timestamp: expect.any(Date),
      CloudTrailEventId: event?.eventID,
      KmsRequestId: $metadata.requestId,
    });
  });

  test('counts neither what failed, nor a dry run, nor administration', async () => {
    const { id } = await newKey(client);
    await client.send(new GenerateDataKeyCommand({ KeyId: id, KeySpec: 'AES_256' }));
    const before = (await lastUse(id)).KeyLastUsage;
    const Plaintext = Buffer.from('chalk');
    await failure(client.send(new EncryptCommand({ KeyId: id, Plaintext, DryRun: true })));
    await client.send(new DisableKeyCommand({ KeyId: id }));
    await failure(client.send(new EncryptCommand({ KeyId: id, Plaintext })));
    expect((await lastUse(id)).KeyLastUsage).toEqual(before);
    expect(before?.Operation).toBe('GenerateDataKey');
  });

  test('counts a re-encryption for both keys', async () => {
    const [from, to] = [await newKey(client), await newKey(client)];
    const { CiphertextBlob } = await client.send(
      new EncryptCommand({ KeyId: from.id, Plaintext: Buffer.from('chalk') }),
    );
    await client.send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: to.id }));
    const [one, other] = [await lastUse(from.id), await lastUse(to.id)];
    expect(one.KeyLastUsage?.Operation).toBe('ReEncrypt');
    expect(other.KeyLastUsage).toEqual(one.KeyLastUsage);
  });

  test('takes no alias', async () => {
    expect(await failure(lastUse('alias/orders'))).toMatchObject({ name: expect.stringMatching(/Exception$/) });
  });

  test('knows the operations that the API tracks', () => {
    expect([...OPERATIONS_THAT_USE].sort()).toEqual(Object.values(KeyLastUsageTrackingOperation).sort());
  });
});
