import { EncryptCommand, KMSClient, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import { judge } from '../src/last-use/answer.ts';
import { placesOf } from '../src/last-use/ask.ts';
import { keysmith, openVault, type Vault } from './support/vault.ts';

let vault: Vault;
let administrator: KMSClient;
beforeAll(async () => {
  vault = await openVault('Rotator');
  const credentials = vault.kms.administratorCredentials();
  // The command is run by somebody who may read about keys.
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  });
  delete process.env['AWS_SESSION_TOKEN'];
  administrator = new KMSClient({ region: vault.keyArn.split(':')[3] ?? '' });
});
afterAll(() => {
  administrator.destroy();
  return vault.close();
});

describe('keysmith last-use', () => {
  test('says what a key was used for last, and that another was not, with the event to look up', async () => {
    await administrator.send(new EncryptCommand({ KeyId: vault.keyArn, Plaintext: Buffer.from('chalk') }));
    const { eventID } = vault.kms.events.at(-1) ?? {};
    const { code, stdout } = await keysmith(['last-use', '--key', vault.keyArn, '--key', vault.nextKeyArn]);
    expect(code).toBe(0);
    expect(stdout).toContain('Enabled  Encrypt within the last day, 20');
    expect(stdout).toContain(`CloudTrail event ${eventID}`);
    expect(stdout).toMatch(/no use since 20.*Z, when tracking began/);
    expect(stdout).toContain('one sign and not the only one');
  });

  test('with a time ends with 1 for what was used in it, and for what is not tracked for so long', async () => {
    const { code, stdout } = await keysmith([
      'last-use',
      '--unused-for',
      '90d',
      '--key',
      vault.keyArn,
      '--key',
      vault.nextKeyArn,
    ]);
    expect(code).toBe(1);
    expect(stdout).toContain('in use: it was used in this time');
    expect(stdout).toContain('unknown: KMS has not tracked its use for so long');
    const json = await keysmith(['last-use', '--json', '--unused-for', '90d', '--key', vault.keyArn]);
    expect(JSON.parse(json.stdout)).toEqual({
      answers: [
        expect.objectContaining({
          keyArn: vault.keyArn,
          state: 'Enabled',
          lastUse: expect.objectContaining({ operation: 'Encrypt', cloudTrailEventId: expect.any(String) }),
          unused: false,
        }),
      ],
    });
  });

  test('answers for a key that waits for its deletion', async () => {
    await administrator.send(new ScheduleKeyDeletionCommand({ KeyId: vault.nextKeyArn }));
    const { stdout } = await keysmith(['last-use', '--key', vault.nextKeyArn]);
    expect(stdout).toContain('PendingDeletion');
  });

  test('says why it does not know, and ends with 1', async () => {
    const gone = vault.keyArn.replace(/[^/]+$/, '5d5f9b5e-0f7c-4d6b-8a53-1c7a5a4f8a10');
    const { code, stdout } = await keysmith(['last-use', '--key', gone]);
    expect(code).toBe(1);
    expect(stdout).toContain('not known: DescribeKey: NotFoundException');
  });

  test.each([
    [['last-use'], "required option '--key <arn>' not specified"],
    [['last-use', '--key', 'alias/orders'], 'It must be the ARN of a key'],
    [
      ['last-use', '--key', 'arn:aws:kms:us-east-1:111122223333:key/a', '--unused-for', '90'],
      'It must be a whole number',
    ],
  ])('%j is a wrong command line', async (words, message) => {
    expect(await keysmith(words)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });
});

describe('the Regions of a key', () => {
  const arnIn = (region: string) => `arn:aws:kms:${region}:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab`;
  const placeIn = (region: string) => ({ Arn: arnIn(region), Region: region });

  test('are those of primary and replicas, whichever was asked about', () => {
    const metadata = {
      KeyId: 'mrk-1234abcd12ab34cd56ef1234567890ab',
      MultiRegionConfiguration: {
        PrimaryKey: placeIn('us-east-1'),
        ReplicaKeys: [placeIn('eu-west-1'), placeIn('ap-south-1')],
      },
    };
    expect(placesOf(arnIn('eu-west-1'), metadata).map(({ region }) => region)).toEqual([
      'us-east-1',
      'eu-west-1',
      'ap-south-1',
    ]);
  });

  test('are one for any other key', () => {
    expect(placesOf(arnIn('eu-west-1'), { KeyId: 'x' })).toEqual([{ region: 'eu-west-1', keyArn: arnIn('eu-west-1') }]);
  });
});

describe('a time without use', () => {
  const now = new Date('2026-11-01T00:00:00Z');
  const about = { keyArn: 'arn', region: 'us-east-1' };
  const ninetyDays = 90 * 86_400;

  test.each([
    ['used a day before it began', { lastUse: { operation: 'Decrypt', at: new Date('2026-08-02T00:00:00Z') } }, true],
    ['used on its second day', { lastUse: { operation: 'Decrypt', at: new Date('2026-08-04T00:00:00Z') } }, false],
    ['never used and tracked longer', { trackedSince: new Date('2026-01-01T00:00:00Z') }, true],
    ['never used and tracked shorter', { trackedSince: new Date('2026-10-01T00:00:00Z') }, 'unknown'],
    ['never used and nothing said of tracking', {}, 'unknown'],
    ['not known', { problem: 'GetKeyLastUsage: AccessDeniedException' }, 'unknown'],
  ])('of a key that was %s: %j', (_what, answer, unused) => {
    expect(judge({ ...about, ...answer }, ninetyDays, now).unused).toBe(unused);
  });
});
