import {
  CreateGrantCommand,
  CreateKeyCommand,
  DecryptCommand,
  EncryptCommand,
  KMSClient,
  ListGrantsCommand,
} from '@aws-sdk/client-kms';
import { accessMap, checkAssembly, readAssembly } from '@cdk-keysmith/access';
import { createLocalKms } from '@cdk-keysmith/local-kms';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { grantHandler } from '../../handlers/grant/grant';
import {
  AccountDelegation,
  EncryptionKey,
  GrantOperation,
  GrantPrincipal,
  KmsGrant,
  type KmsGrantProps,
  SigningKey,
  SigningKeySpec,
} from '../../lib';

const IRELAND = { account: '111122223333', region: 'eu-west-1' };
const [A_ARN = '', B_ARN = ''] = ['a', 'b'].map((id) => `arn:aws:kms:eu-west-1:111122223333:key/${id.repeat(36)}`);
const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:orders';

/* One app for all assertions: keys of every delegation, and a grant on each. */
const app = new App();
const stack = new Stack(app, 'Grants', { env: IRELAND });
const reader = new iam.Role(stack, 'Reader', { assumedBy: new iam.AccountRootPrincipal() });
const administrator = new iam.Role(stack, 'Administrator', { assumedBy: new iam.AccountRootPrincipal() });
const keyOf = (delegation: AccountDelegation) =>
  new EncryptionKey(stack, delegation, {
    accountDelegation: delegation,
    administrators: [administrator],
  });
const keys = Object.values(AccountDelegation).map(keyOf);
const grants = keys.map(
  (key, index) =>
    new KmsGrant(stack, `Grant${index}`, {
      key,
      grantee: GrantPrincipal.of(reader),
      operations: [GrantOperation.ENCRYPT, GrantOperation.DECRYPT, GrantOperation.RETIRE_GRANT],
      encryptionContextSubset: { service: 'orders' },
    }),
);
new KmsGrant(stack, 'ToService', {
  key: new EncryptionKey(stack, 'Service'),
  grantee: GrantPrincipal.service('sns.amazonaws.com'),
  operations: [GrantOperation.GENERATE_DATA_KEY, GrantOperation.DECRYPT],
  sourceArn: TOPIC,
  retiringPrincipal: GrantPrincipal.service('sns.amazonaws.com'),
  grantName: 'orders/topic:1',
});
const { directory } = app.synth();
const template = Template.fromStack(stack);
const assembly = readAssembly(directory);

describe('the template', () => {
  test('has one function, and a grant with the properties of CreateGrant', () => {
    template.resourceCountIs('AWS::Lambda::Function', 1);
    template.hasResourceProperties('AWS::Lambda::Function', { Runtime: 'nodejs24.x', Timeout: 240 });
    template.hasResource('Custom::KeysmithGrant', {
      Properties: {
        ServiceToken: Match.anyValue(),
        KeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^FULL'), 'Arn'] },
        GranteePrincipal: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Reader'), 'Arn'] },
        Operations: ['Decrypt', 'Encrypt', 'RetireGrant'],
        Constraints: { EncryptionContextSubset: { service: 'orders' } },
        Name: 'Grants-Grant0-705B58A1',
      },
      DependsOn: [Match.stringLikeRegexp('^Grant0Permission')],
      DeletionPolicy: 'Delete',
    });
    template.hasResourceProperties('Custom::KeysmithGrant', {
      GranteeServicePrincipal: 'sns.amazonaws.com',
      RetiringServicePrincipal: 'sns.amazonaws.com',
      Constraints: { SourceArn: TOPIC },
      Name: 'orders/topic:1',
    });
  });

  test('lets the function make exactly this grant on exactly this key', () => {
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'kms:CreateGrant',
            Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Service'), 'Arn'] },
            Condition: {
              StringEquals: {
                'kms:GranteeServicePrincipal': 'sns.amazonaws.com',
                'kms:RetiringServicePrincipal': 'sns.amazonaws.com',
                'kms:GrantConstraintSourceArn': TOPIC,
              },
              'ForAllValues:StringEquals': { 'kms:GrantOperations': ['Decrypt', 'GenerateDataKey'] },
            },
          },
          {
            Effect: 'Allow',
            Action: ['kms:ListGrants', 'kms:RevokeGrant'],
            Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Service'), 'Arn'] },
          },
        ],
      },
    });
    // The role itself has none: permissions are resources that come and go with their grants.
    template.allResourcesProperties('AWS::IAM::Role', { Policies: Match.absent() });
  });

  test('a grant of another key is another resource with another permission, so that the old one can be revoked', () => {
    const idsFor = (name: string) => {
      const own = new Stack(new App(), 'Own');
      const made = ['A', 'B'].map((id) => new EncryptionKey(own, id));
      const key = made.find(({ node }) => node.id === name) ?? new EncryptionKey(own, 'C');
      new KmsGrant(own, 'Grant', {
        key,
        grantee: GrantPrincipal.of(new iam.ArnPrincipal('arn:aws:iam::111122223333:role/r')),
        operations: [GrantOperation.DECRYPT],
      });
      const { Resources } = Template.fromStack(own).toJSON() as { Resources: Record<string, { Type: string }> };
      return Object.keys(Resources).filter((id) => id.startsWith('Grant'));
    };
    const [before, after] = [idsFor('A'), idsFor('B')];
    expect(before).toHaveLength(2);
    expect(before.filter((id) => after.includes(id))).toEqual([]);
  });

  test('so is one of another key in the place of the first: imported by another ARN, or replaced for its spec', () => {
    const idsFor = (keyIn: (own: Stack) => KmsGrantProps['key']) => {
      const own = new Stack(new App(), 'Own');
      const grantee = GrantPrincipal.of(new iam.ArnPrincipal('arn:aws:iam::111122223333:role/r'));
      new KmsGrant(own, 'Grant', { key: keyIn(own), grantee, operations: [GrantOperation.DESCRIBE_KEY] });
      return Object.keys(Template.fromStack(own).toJSON().Resources).filter((id) => id.startsWith('Grant'));
    };
    const imported = (arn: string, id = 'Key') => idsFor((own) => EncryptionKey.fromKeyArn(own, id, arn));
    const signing = (keySpec: SigningKeySpec) => idsFor((own) => new SigningKey(own, 'Key', { keySpec }));
    const [a, b] = [imported(A_ARN), imported(B_ARN)];
    expect(new Set([...a, ...b]).size).toBe(4);
    const [c, d] = [signing(SigningKeySpec.RSA_2048), signing(SigningKeySpec.RSA_3072)];
    expect(new Set([...c, ...d]).size).toBe(4);
    expect(imported(A_ARN, 'OtherId')).toEqual(imported(A_ARN));
  });
});

describe('access', () => {
  const map = accessMap(assembly);
  const verdict = (key: string, grantee: RegExp, action: string) =>
    map.keys
      .find(({ key: { constructPath } }) => constructPath === `Grants/${key}`)
      ?.rows.find((row) => grantee.test(row.grantee.name))
      ?.cells.find((cell) => cell.action === `kms:${action}`)?.decision;

  test('the template is understood in full, and no rule objects to what is written for the function', () => {
    expect(assembly.grants.flatMap(({ problems }) => problems)).toEqual([]);
    expect(map.unknowns).toEqual([]);
    expect(checkAssembly(assembly)).toEqual([]);
  });

  test.each(Object.values(AccountDelegation))(
    '%s: the reader decrypts by the grant, and the function may make it',
    (key) => {
      expect(verdict(key, /Reader/, 'Decrypt')).toMatchObject({
        verdict: 'allowed-if',
        reasons: [{ code: 'grant-allows' }],
      });
      expect(verdict(key, /Reader/, 'GenerateDataKey')?.verdict).toBe('denied');
      expect(verdict(key, /KeysmithGrant/, 'CreateGrant')?.verdict).toBe('allowed-if');
      expect(verdict(key, /KeysmithGrant/, 'Decrypt')?.verdict).toBe('denied');
    },
  );
});

describe('the handler', () => {
  const local = createLocalKms({ app: directory });
  const as = (name?: string) => new KMSClient({ ...local.clientConfig(name), maxAttempts: 1 });
  const handlerRole = local.principals().find(({ name }) => /KeysmithGrant/.test(name))?.name;
  const readerArn = local.principals().find(({ name }) => /Reader/.test(name))?.arn ?? '';
  const clock = { wait: async () => {}, now: Date.now };
  const handler = grantHandler(as(handlerRole), clock);
  const arnOf = (path: string) => local.keys().find(({ constructPath }) => constructPath === path)?.arn ?? '';
  const KeyId = arnOf('Grants/FULL');
  const admin = new KMSClient({
    ...local.clientConfig(handlerRole),
    maxAttempts: 1,
    credentials: local.administratorCredentials(),
  });
  const listed = async (key = KeyId) => (await admin.send(new ListGrantsCommand({ KeyId: key }))).Grants ?? [];
  const properties = (more: object = {}) => ({
    KeyId,
    GranteePrincipal: readerArn,
    Operations: ['Decrypt' as const, 'Encrypt' as const, 'RetireGrant' as const],
    // Not the context of the grants in the template, which the local KMS has as well.
    Constraints: { EncryptionContextSubset: { service: 'test' } },
    Name: 'orders',
    ServiceToken: 'the function',
    ...more,
  });
  const create = (more: object = {}) => handler({ RequestType: 'Create', ResourceProperties: properties(more) });
  const remove = (PhysicalResourceId: string, more: object = {}) =>
    handler({ RequestType: 'Delete', PhysicalResourceId, ResourceProperties: properties(more) });

  test('runs as the role of the template', () => {
    expect(handlerRole).toBeDefined();
    expect(grants).toHaveLength(3);
  });

  test('makes the grant, which is enforced, answers the same when asked again, and revokes it', async () => {
    const before = await listed();
    const made = await create();
    expect(await create()).toEqual(made);
    expect(made).toEqual({
      PhysicalResourceId: expect.stringMatching(/^[0-9a-f]{64}$/),
      Data: { GrantId: made.PhysicalResourceId },
    });
    expect(await listed()).toHaveLength(before.length + 1);

    const message = { KeyId, Plaintext: Buffer.from('x'), EncryptionContext: { service: 'test', tenant: 'a' } };
    const encrypt = () => as('Grants/Reader').send(new EncryptCommand(message));
    const { CiphertextBlob } = await encrypt();
    await remove(made.PhysicalResourceId);
    await remove(made.PhysicalResourceId);
    expect(await listed()).toEqual(before);
    await expect(encrypt()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    const decrypt = new DecryptCommand({ EncryptionContext: message.EncryptionContext, CiphertextBlob });
    await expect(as('Grants/Reader').send(decrypt)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  test('updates by a new grant beside the old one, and goes back to the old one', async () => {
    const old = await create({ Name: 'update' });
    const update = (Operations: string[]) =>
      grantHandler(
        admin,
        clock,
      )({
        RequestType: 'Update',
        PhysicalResourceId: old.PhysicalResourceId,
        ResourceProperties: properties({ Name: 'update', Operations }),
      });
    const changed = await update(['Decrypt']);
    expect(changed.PhysicalResourceId).not.toBe(old.PhysicalResourceId);
    // A rollback asks for the old properties: the old grant is still there, and the new one is deleted.
    expect((await update(['Decrypt', 'Encrypt', 'RetireGrant'])).PhysicalResourceId).toBe(old.PhysicalResourceId);
    await remove(changed.PhysicalResourceId);
    expect((await listed()).filter(({ Name }) => Name === 'update').map(({ GrantId }) => GrantId)).toEqual([
      old.PhysicalResourceId,
    ]);
    await remove(old.PhysicalResourceId);
  });

  test('is held by its permission to the grant that was declared', async () => {
    await expect(create({ GranteePrincipal: 'arn:aws:iam::111122223333:role/other' })).rejects.toThrow(
      'not authorized',
    );
    await expect(create({ Operations: ['CreateGrant'] })).rejects.toThrow('not authorized');
    await expect(create({ KeyId: (await admin.send(new CreateKeyCommand({}))).KeyMetadata?.Arn })).rejects.toThrow(
      'not authorized',
    );
  });

  test.each(['ADMINISTRATION', 'NONE'])('works on a key with delegation %s', async (name) => {
    const key = { KeyId: arnOf(`Grants/${name}`) };
    const { PhysicalResourceId } = await create(key);
    await remove(PhysicalResourceId, key);
  });

  test('waits for IAM, and then gives up with what KMS says', async () => {
    const pauses: number[] = [];
    const impatient = grantHandler(as('Grants/Reader'), {
      ...clock,
      wait: async (milliseconds) => pauses.push(milliseconds),
    });
    const event = { RequestType: 'Create' as const, ResourceProperties: properties({ KeyId: arnOf('Grants/NONE') }) };
    await expect(impatient(event)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(pauses.reduce((sum, one) => sum + one, 0)).toBe(60_000);
  });

  test('refuses a grant that something else made long ago, and leaves it', async () => {
    const { PhysicalResourceId } = await create({ Name: 'taken' });
    const late = grantHandler(admin, { ...clock, now: () => Date.now() + 3_700_000 });
    await expect(late({ RequestType: 'Create', ResourceProperties: properties({ Name: 'taken' }) })).rejects.toThrow(
      'something else has made',
    );
    expect((await listed()).map(({ GrantId }) => GrantId)).toContain(PhysicalResourceId);
  });

  test('that may not list grants makes none, and revokes none that something else has made', async () => {
    const { PhysicalResourceId } = await create({ Name: 'unseen' });
    const before = await listed();
    const reader = as('Grants/Reader');
    const blind = {
      send: (command: ListGrantsCommand) => (command instanceof ListGrantsCommand ? reader : admin).send(command),
    } as unknown as Pick<KMSClient, 'send'>;
    for (const Name of ['unseen', 'new']) {
      const event = { RequestType: 'Create' as const, ResourceProperties: properties({ Name }) };
      await expect(grantHandler(blind, clock)(event)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    }
    expect(await listed()).toEqual(before);
    expect(before.map(({ GrantId }) => GrantId)).toContain(PhysicalResourceId);
  });

  test('finds a grant of the name on whatever page it is', async () => {
    const { KeyMetadata } = await admin.send(new CreateKeyCommand({}));
    const request = { KeyId: KeyMetadata?.KeyId, GranteePrincipal: readerArn, Operations: ['Decrypt' as const] };
    for (let at = 0; at <= 100; at++) {
      await admin.send(new CreateGrantCommand({ ...request, Name: `grant-${at}` }));
    }
    // Of 101 the second page has the last one, by their random ids.
    const pageOf = (Marker?: string) =>
      admin.send(new ListGrantsCommand({ KeyId: KeyMetadata?.KeyId, Limit: 100, Marker }));
    const [{ Name = '' } = {}] = (await pageOf((await pageOf()).NextMarker)).Grants ?? [];
    const late = grantHandler(admin, { ...clock, now: () => Date.now() + 3_700_000 });
    const event = {
      RequestType: 'Create' as const,
      ResourceProperties: { ...request, KeyId: request.KeyId ?? '', Name },
    };
    await expect(late(event)).rejects.toThrow('something else has made');
  });

  test('grants nothing with an SDK that would leave a constraint out', async () => {
    const old = as(handlerRole);
    old.middlewareStack.add(
      (next) => (args) => {
        const request = args.request as { body: string | Uint8Array };
        const { Constraints: _, ...rest } = JSON.parse(new TextDecoder().decode(request.body as Uint8Array));
        request.body = JSON.stringify(rest);
        return next(args);
      },
      { step: 'serialize', priority: 'low' },
    );
    const before = await listed();
    const event = { RequestType: 'Create' as const, ResourceProperties: properties({ Name: 'old' }) };
    await expect(grantHandler(old, clock)(event)).rejects.toThrow('too old for Constraints of CreateGrant');
    expect(await listed()).toEqual(before);
  });

  test('is bundled without the SDK', () => {
    expect(require('../../assets/grant/index.js').handler).toBeInstanceOf(Function);
  });
});
