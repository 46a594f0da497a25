import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateGrantCommand,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EncryptCommand,
  ListGrantsCommand,
  ScheduleKeyDeletionCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-kms';
import { type AppUpdate, createLocalKms, type LocalKms } from '@cdk-keysmith/local-kms';
import { administrator, clientAs, failure, keyArnOf, LEDGER, newKey, until } from './support.ts';

interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
}

let app: string;
beforeEach(() => {
  app = mkdtempSync(join(tmpdir(), 'local-kms-'));
  cpSync(LEDGER, app, { recursive: true });
});
afterEach(() => rmSync(app, { recursive: true, force: true }));

/** Changes the template of the ledger as a synthesis does: the manifest is written last. */
function synthesize(change: (resources: Record<string, Resource>) => void): void {
  const file = join(app, 'Ledger.template.json');
  const template = JSON.parse(readFileSync(file, 'utf8'));
  change(template.Resources);
  writeFileSync(file, JSON.stringify(template));
  writeFileSync(join(app, 'manifest.json'), readFileSync(join(app, 'manifest.json')));
}

const said = (changes: ReturnType<LocalKms['update']>) =>
  changes.map(({ kind, name, change, details }) => [kind, name, change, ...details].join(' '));

describe('an app that is applied again', () => {
  test('and did not change, changes nothing', () => {
    expect(createLocalKms({ app }).update()).toEqual([]);
    expect(createLocalKms().update()).toEqual([]);
  });

  test('gives keys what it declares, and they keep material and grants', async () => {
    const kms = createLocalKms({ app });
    const KeyId = keyArnOf(kms, 'Ledger/Key');
    const { CiphertextBlob } = await administrator(kms).send(new EncryptCommand({ KeyId, Plaintext: Buffer.of(7) }));
    const grant = { KeyId, GranteePrincipal: 'arn:aws:iam::111122223333:user/x', Operations: ['Decrypt' as const] };
    await administrator(kms).send(new CreateGrantCommand(grant));
    await administrator(kms).send(new DisableKeyCommand({ KeyId }));
    synthesize(({ Key, New }) => {
      Object.assign(Key?.Properties ?? {}, { Description: 'changed', EnableKeyRotation: true, Tags: [] });
      expect(New).toBeUndefined();
    });
    expect(said(kms.update())).toEqual(['key Ledger/Key changed description tags enabled rotation every 365 days']);
    const { KeyMetadata } = await administrator(kms).send(new DescribeKeyCommand({ KeyId }));
    expect(KeyMetadata).toMatchObject({ Description: 'changed', KeyState: 'Enabled' });
    expect((await administrator(kms).send(new DecryptCommand({ CiphertextBlob }))).Plaintext).toEqual(Uint8Array.of(7));
    expect((await administrator(kms).send(new ListGrantsCommand({ KeyId }))).Grants).toHaveLength(1);
  });

  test('decides about clients that called before, and those of principals that are gone are nobody', async () => {
    const kms = createLocalKms({ app });
    const EncryptionContext = { service: 'ledger', tenant: 'a' };
    const request = { KeyId: keyArnOf(kms, 'Ledger/Key'), Plaintext: Buffer.of(1), EncryptionContext };
    const writer = clientAs(kms, 'Ledger/Writer');
    expect(await failure(writer.send(new EncryptCommand(request)))).toMatchObject({ name: 'AccessDeniedException' });
    synthesize(({ WriterRole }) => {
      const policies = WriterRole?.Properties['Policies'] as {
        PolicyDocument: { Statement: { Action: string[] }[] };
      }[];
      const statement = policies[0]?.PolicyDocument.Statement[0];
      if (statement !== undefined) statement.Action = ['kms:GenerateDataKey', 'kms:Encrypt'];
    });
    expect(said(kms.update())).toEqual(['role Ledger/Writer/ServiceRole changed policies']);
    await writer.send(new EncryptCommand(request));
    synthesize((resources) => {
      delete resources['WriterRole'];
      delete resources['WriterFunction'];
    });
    expect(said(kms.update())).toEqual(
      expect.arrayContaining(['role Ledger/Writer/ServiceRole removed', 'function Ledger/Writer removed']),
    );
    expect(await failure(writer.send(new EncryptCommand(request)))).toMatchObject({
      name: 'UnrecognizedClientException',
    });
  });

  test('does with keys and aliases that are gone as CloudFormation does, and takes back what comes back', async () => {
    const kms = createLocalKms({ app });
    const key = keyArnOf(kms, 'Ledger/Key');
    const other = await newKey(administrator(kms));
    await administrator(kms).send(new CreateAliasCommand({ AliasName: 'alias/own', TargetKeyId: other.id }));
    const template = readFileSync(join(app, 'Ledger.template.json'), 'utf8');
    synthesize((resources) => {
      delete resources['Key'];
      delete resources['KeyAlias'];
      const signing = resources['SigningKey'];
      if (signing !== undefined) signing.DeletionPolicy = 'Retain';
    });
    expect(said(kms.update())).toEqual(
      expect.arrayContaining([
        'alias Ledger/Key/Alias removed alias/ledger deleted',
        expect.stringMatching(/^key Ledger\/Key removed deleted on \d{4}-\d\d-\d\d$/),
      ]),
    );
    expect(kms.keys().find(({ arn }) => arn === key)).toMatchObject({ keyState: 'PendingDeletion' });
    synthesize((resources) => {
      delete resources['SigningKey'];
    });
    expect(said(kms.update())).toEqual(['key Ledger/SigningKey removed the key stays, as its DeletionPolicy says']);
    writeFileSync(join(app, 'Ledger.template.json'), template);
    expect(said(kms.update())).toEqual(
      expect.arrayContaining(['key Ledger/Key added was there already', 'alias Ledger/Key/Alias added alias/ledger']),
    );
    expect(kms.keys().every(({ keyState }) => keyState === 'Enabled')).toBe(true);
    expect(kms.aliases().map(({ name }) => name)).toEqual(['alias/ledger', 'alias/own']);
  });

  test('brings an alias back that a call moved', async () => {
    const kms = createLocalKms({ app });
    const { id } = await newKey(administrator(kms));
    await administrator(kms).send(new UpdateAliasCommand({ AliasName: 'alias/ledger', TargetKeyId: id }));
    const key = keyArnOf(kms, 'Ledger/Key');
    expect(said(kms.update())).toEqual([`alias Ledger/Key/Alias changed alias/ledger names ${key}`]);
  });

  test('leaves what KMS does not change, and a key whose deletion a call scheduled, and says so', async () => {
    const kms = createLocalKms({ app });
    const KeyId = keyArnOf(kms, 'Ledger/Key');
    await administrator(kms).send(new ScheduleKeyDeletionCommand({ KeyId }));
    synthesize(({ SigningKey, PartnerKey }) => {
      Object.assign(SigningKey?.Properties ?? {}, { KeySpec: 'ECC_NIST_P384' });
      Object.assign(PartnerKey?.Properties ?? {}, { MultiRegion: false });
    });
    expect(kms.update()).toEqual([]);
    for (const [path, why] of [
      ['Key', /key Ledger\/Key was not changed: a call scheduled its deletion/],
      ['SigningKey', /key Ledger\/SigningKey was not changed: KMS does not change the KeySpec/],
      ['PartnerKey', /key Ledger\/PartnerKey was not changed: KMS does not change the MultiRegion/],
    ] as const) {
      expect([path, kms.problems]).toEqual([path, expect.arrayContaining([expect.stringMatching(why)])]);
    }
    await administrator(kms).send(new CancelKeyDeletionCommand({ KeyId }));
    expect(said(kms.update())).toEqual(['key Ledger/Key changed enabled']);
  });

  test('and is broken, is refused, and everything stays', () => {
    const kms = createLocalKms({ app });
    const keys = kms.keys();
    writeFileSync(join(app, 'Ledger.template.json'), '{');
    expect(() => kms.update()).toThrow(expect.objectContaining({ code: 'INVALID_APP' }));
    expect(kms.keys()).toEqual(keys);
  });
});

describe('an app that is watched', () => {
  test('is applied when it is complete, and told when it is broken', async () => {
    const updates: AppUpdate[] = [];
    const kms = createLocalKms({ app, watch: true, onUpdate: (update) => updates.push(update) });
    try {
      // Half of a synthesis: the manifest is that of the one before.
      const template = join(app, 'Ledger.template.json');
      const whole = readFileSync(template, 'utf8');
      writeFileSync(template, whole.slice(0, 100));
      const past = new Date(Date.now() - 10_000);
      utimesSync(join(app, 'manifest.json'), past, past);
      await new Promise((resolve) => setTimeout(resolve, 400));
      expect(updates).toEqual([]);
      writeFileSync(template, whole);
      synthesize(({ Key }) => Object.assign(Key?.Properties ?? {}, { Description: 'changed' }));
      await until(() => updates.length > 0);
      expect(updates).toMatchObject([{ applied: true, changes: [{ name: 'Ledger/Key', details: ['description'] }] }]);
      writeFileSync(template, '{');
      await until(() => updates.length > 1);
      expect(updates[1]).toMatchObject({ applied: false, error: { code: 'INVALID_APP' } });
      expect(kms.keys()).toHaveLength(4);
    } finally {
      await kms.close();
    }
  });

  test('is followed when it is gone for a while, and when a link comes to lead to another', async () => {
    const [link, other] = [join(app, 'link'), join(app, 'other')];
    cpSync(LEDGER, other, { recursive: true });
    const template = JSON.parse(readFileSync(join(other, 'Ledger.template.json'), 'utf8'));
    template.Resources.Key.Properties.Description = 'of the other';
    writeFileSync(join(other, 'Ledger.template.json'), JSON.stringify(template));
    writeFileSync(join(other, 'manifest.json'), readFileSync(join(other, 'manifest.json')));
    symlinkSync(LEDGER, link);
    let told: (update: AppUpdate) => void = () => undefined;
    const update = new Promise<AppUpdate>((resolve) => {
      told = resolve;
    });
    await using _kms = createLocalKms({ app: link, watch: true, onUpdate: (one) => told(one) });
    await new Promise((resolve) => setTimeout(resolve, 300));
    rmSync(link);
    await new Promise((resolve) => setTimeout(resolve, 300));
    symlinkSync(other, link);
    expect(await update).toMatchObject({ applied: true, changes: [{ name: 'Ledger/Key', details: ['description'] }] });
  });

  test('has to be there', () => {
    expect(() => createLocalKms({ watch: true })).toThrow(/watch needs an app or a seed file to watch/);
  });
});
