import {
  CancelKeyDeletionCommand,
  CreateGrantCommand,
  type CreateGrantCommandInput,
  CreateKeyCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  type GrantOperation,
  type KMSClient,
  ListGrantsCommand,
  ListRetirableGrantsCommand,
  RetireGrantCommand,
  RevokeGrantCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { createLocalKms, type LocalKms } from '@cdk-keysmith/local-kms';
import { MAX_GRANTS_OF_KEY } from '../src/state/grant.ts';
import { administrator, clientAs, failure, LEDGER, newKey, raw } from './support.ts';

const READER = 'arn:aws:iam::111122223333:role/ledger-reader';
const ROOT = 'arn:aws:iam::111122223333:root';
const CONTEXT = { service: 'ledger', tenant: 'a' };

interface Scene {
  readonly kms: LocalKms;
  readonly admin: KMSClient;
  /** A role without a policy that speaks about the key. */
  readonly reader: KMSClient;
  readonly KeyId: string;
  readonly create: (
    Operations: GrantOperation[],
    more?: Partial<CreateGrantCommandInput>,
    as?: KMSClient,
  ) => Promise<{ GrantId: string; GrantToken: string }>;
  readonly encrypt: (EncryptionContext?: Record<string, string>, GrantTokens?: string[]) => Promise<string>;
  readonly list: () => Promise<readonly unknown[]>;
}

async function scene(): Promise<Scene> {
  const kms = createLocalKms({ app: LEDGER });
  const [admin, reader] = [administrator(kms), clientAs(kms, 'Ledger/Reader')];
  const { arn: KeyId } = await newKey(admin);
  return {
    kms,
    admin,
    reader,
    KeyId,
    async create(Operations, more = {}, as = admin) {
      const command = new CreateGrantCommand({ KeyId, GranteePrincipal: READER, Operations, ...more });
      const { GrantId = '', GrantToken = '' } = await as.send(command);
      return { GrantId, GrantToken };
    },
    encrypt(EncryptionContext, GrantTokens) {
      const command = new EncryptCommand({ KeyId, Plaintext: Buffer.from('x'), EncryptionContext, GrantTokens });
      return reader.send(command).then(
        () => 'allowed',
        (error: Error) => error.name,
      );
    },
    list: async () => (await admin.send(new ListGrantsCommand({ KeyId }))).Grants ?? [],
  };
}

describe('a grant', () => {
  test('allows its grantee what it holds and nothing else, without any policy, until it is revoked', async () => {
    const { kms, admin, reader, create, encrypt, KeyId } = await scene();
    expect(await encrypt()).toBe('AccessDeniedException');
    const { GrantId, GrantToken } = await create(['Encrypt']);
    expect(GrantId).toMatch(/^[0-9a-f]{64}$/);
    expect(GrantToken).toMatch(/^AQpA[\w-]+$/);
    expect(await encrypt()).toBe('allowed');
    expect(kms.events.at(-1)?.decision?.reasons).toEqual([expect.stringMatching(/^grant \w{64} allows kms:Encrypt/)]);
    expect(await failure(reader.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' })))).toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('because no identity-based policy allows the kms:GenerateDataKey action'),
    });
    await admin.send(new RevokeGrantCommand({ KeyId, GrantId }));
    expect(await encrypt()).toBe('AccessDeniedException');
  });

  test('is beaten by a Deny of the key policy', async () => {
    const { admin, reader } = await scene();
    const deny = { Effect: 'Deny', Principal: '*', Action: 'kms:Encrypt', Resource: '*' };
    const allow = { Effect: 'Allow', Principal: { AWS: ROOT }, Action: 'kms:*', Resource: '*' };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [allow, deny] });
    const KeyId = (await admin.send(new CreateKeyCommand({ Policy }))).KeyMetadata?.Arn;
    await admin.send(new CreateGrantCommand({ KeyId, GranteePrincipal: READER, Operations: ['Encrypt'] }));
    const { message } = await failure(reader.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') })));
    expect(message).toContain('with an explicit deny in a resource-based policy');
  });

  test('to a principal of another account that has no policy is refused: no document says what it gives', async () => {
    const { kms, create, KeyId } = await scene();
    const archive = kms.principals().find(({ name }) => name.startsWith('Archive/'));
    const GranteePrincipal = archive?.arn ?? '';
    await create(['Encrypt'], { GranteePrincipal });
    const call = clientAs(kms, archive?.name).send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') }));
    expect(await failure(call)).toMatchObject({ name: 'AccessDeniedException' });
    expect(kms.events.at(-1)?.decision?.verdict).toBe('unknown');
    // The root user of that account needs no policy.
    await create(['Encrypt'], { GranteePrincipal: 'arn:aws:iam::444455556666:root' });
    const root = administrator(kms, '444455556666');
    await expect(root.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') }))).resolves.toBeDefined();
  });

  test.each([
    ['EncryptionContextEquals', { ...CONTEXT }, 'allowed'],
    ['EncryptionContextEquals', { ...CONTEXT, more: 'x' }, 'AccessDeniedException'],
    ['EncryptionContextEquals', { service: 'ledger' }, 'AccessDeniedException'],
    ['EncryptionContextEquals', { service: 'ledger', tenant: 'A' }, 'AccessDeniedException'],
    ['EncryptionContextSubset', { ...CONTEXT, more: 'x' }, 'allowed'],
    ['EncryptionContextSubset', { tenant: 'a' }, 'AccessDeniedException'],
    // AWS's documents disagree on the case of names, and what is not certain is refused.
    ['EncryptionContextSubset', { Service: 'ledger', tenant: 'a' }, 'AccessDeniedException'],
  ])('with %s %j: %s', async (constraint, context, answer) => {
    const { create, encrypt, reader, KeyId } = await scene();
    await create(['Encrypt', 'DescribeKey'], { Constraints: { [constraint]: CONTEXT } });
    expect(await encrypt(context as Record<string, string>)).toBe(answer);
    await expect(reader.send(new DescribeKeyCommand({ KeyId }))).resolves.toBeDefined();
  });

  test('with a SourceArn is for requests that a service makes, and nobody here is one', async () => {
    const { create, encrypt } = await scene();
    await create(['Encrypt'], { Constraints: { SourceArn: 'arn:aws:s3:::bucket' } });
    expect(await encrypt()).toBe('AccessDeniedException');
  });

  test('that holds CreateGrant lets its grantee make no looser one', async () => {
    const { create, reader } = await scene();
    await create(['CreateGrant', 'Decrypt'], { Constraints: { EncryptionContextSubset: CONTEXT } });
    const denied = { name: 'AccessDeniedException' };
    expect(
      await failure(create(['Encrypt'], { Constraints: { EncryptionContextSubset: CONTEXT } }, reader)),
    ).toMatchObject(denied);
    expect(await failure(create(['Decrypt'], {}, reader))).toMatchObject(denied);
    const stricter = { EncryptionContextEquals: { ...CONTEXT, more: 'x' } };
    expect((await create(['Decrypt'], { Constraints: stricter }, reader)).GrantId).not.toBe('');
  });

  test('is gone with its key, and cannot be made while the key is disabled or dying', async () => {
    const { admin, create, KeyId } = await scene();
    await admin.send(new DisableKeyCommand({ KeyId }));
    expect(await failure(create(['Decrypt']))).toMatchObject({
      name: 'DisabledException',
      message: `${KeyId} is disabled.`,
    });
    await admin.send(new ScheduleKeyDeletionCommand({ KeyId }));
    expect(await failure(create(['Decrypt']))).toMatchObject({
      name: 'KMSInvalidStateException',
      message: `${KeyId} is pending deletion.`,
    });
    await admin.send(new CancelKeyDeletionCommand({ KeyId }));
  });
});

describe('CreateGrant', () => {
  test('with a name and the same terms gives the same grant, and another token of it', async () => {
    const { create, list } = await scene();
    const first = await create(['Decrypt', 'Encrypt'], { Name: 'reader' });
    const again = await create(['Encrypt', 'Decrypt'], { Name: 'reader' });
    expect(again.GrantId).toBe(first.GrantId);
    expect(again.GrantToken).not.toBe(first.GrantToken);
    expect((await create(['Decrypt'], { Name: 'reader' })).GrantId).not.toBe(first.GrantId);
    await create(['Decrypt']);
    await create(['Decrypt']);
    expect(await list()).toHaveLength(4);
  });

  test.each([
    [
      'both constraints',
      { Constraints: { EncryptionContextEquals: CONTEXT, EncryptionContextSubset: CONTEXT } },
      'ValidationException',
      'More than one constraint supplied',
    ],
    ['no operation', { Operations: [] }, 'ValidationException', /Operations/],
    [
      'an operation that a grant cannot hold',
      { Operations: ['PutKeyPolicy'] },
      'ValidationException',
      /^1 validation error detected: Value 'PutKeyPolicy' at 'operations\.1\.member' failed .* \[Decrypt, Encrypt/,
    ],
    [
      'an operation that the key has not got',
      { Operations: ['Sign', 'Decrypt'] },
      'ValidationException',
      /has no Sign$/,
    ],
    ['nobody', { GranteePrincipal: undefined }, 'ValidationException', /GranteePrincipal or GranteeServicePrincipal/],
    ['no service', { GranteePrincipal: undefined, GranteeServicePrincipal: 'x' }, 'ValidationException', /constraint/],
    ['two grantees', { GranteeServicePrincipal: 'dynamodb.amazonaws.com' }, 'ValidationException', /not both/],
    [
      'two that retire',
      { RetiringPrincipal: ROOT, RetiringServicePrincipal: 's3.amazonaws.com' },
      'ValidationException',
      /not both/,
    ],
    [
      'a service without a source',
      { GranteePrincipal: undefined, GranteeServicePrincipal: 'dynamodb.amazonaws.com' },
      'ValidationException',
      /SourceArn/,
    ],
    [
      'a service that nobody retires',
      {
        GranteePrincipal: undefined,
        GranteeServicePrincipal: 'dynamodb.amazonaws.com',
        Constraints: { SourceArn: 'arn:aws:dynamodb:::t' },
      },
      'ValidationException',
      /Retiring/,
    ],
    [
      'nine pairs',
      { Constraints: { EncryptionContextSubset: Object.fromEntries([...'abcdefghi'].map((one) => [one, one])) } },
      'ValidationException',
      /at most 8/,
    ],
    [
      'a long value',
      { Constraints: { EncryptionContextSubset: { a: 'x'.repeat(385) } } },
      'ValidationException',
      /384/,
    ],
    ['an ARN of no principal', { GranteePrincipal: 'arn:aws:s3:::bucket' }, 'InvalidArnException', undefined],
    ['an alias', { KeyId: 'alias/ledger' }, 'InvalidArnException', 'Key Aliases are not supported for this operation.'],
    ['a foreign token', { GrantTokens: ['AQpAforged'] }, 'InvalidGrantTokenException', undefined],
  ])('refuses %s', async (_title, more, __type, text) => {
    const { kms, KeyId, list } = await scene();
    const request = { KeyId, GranteePrincipal: READER, Operations: ['Decrypt'], ...more };
    const { body } = await raw(kms, 'CreateGrant', request, {
      config: { credentials: kms.administratorCredentials() },
    });
    const words = typeof text === 'string' ? text : text && expect.stringMatching(text);
    expect(body).toEqual({ __type, ...(words !== undefined && { message: words }) });
    expect(await list()).toEqual([]);
  });

  test('asks for the permission with everything that it asks for as condition keys', async () => {
    const { admin, kms } = await scene();
    const root = { Effect: 'Allow', Principal: { AWS: ROOT }, Action: 'kms:*', Resource: '*' };
    const grants = {
      Effect: 'Allow',
      Principal: { AWS: READER },
      Action: 'kms:CreateGrant',
      Resource: '*',
      Condition: {
        'ForAllValues:StringEquals': { 'kms:GrantOperations': ['Decrypt', 'RetireGrant'] },
        StringEquals: {
          'kms:GranteePrincipal': READER,
          'kms:RetiringPrincipal': ROOT,
          'kms:GrantConstraintType': 'EncryptionContextEquals',
          'kms:EncryptionContext:tenant': 'a',
        },
        Bool: { 'kms:GrantIsForAWSResource': 'false' },
      },
    };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [root, grants] });
    const { KeyMetadata } = await admin.send(new CreateKeyCommand({ Policy }));
    const asked = {
      KeyId: KeyMetadata?.Arn,
      GranteePrincipal: READER,
      RetiringPrincipal: ROOT,
      Operations: ['Decrypt'] as GrantOperation[],
      Constraints: { EncryptionContextEquals: CONTEXT },
    };
    const reader = clientAs(kms, 'Ledger/Reader');
    await expect(reader.send(new CreateGrantCommand(asked))).resolves.toBeDefined();
    const others: Partial<CreateGrantCommandInput>[] = [
      { Operations: ['Decrypt', 'Encrypt'] },
      { GranteePrincipal: ROOT },
      { RetiringPrincipal: READER },
      { Constraints: { EncryptionContextSubset: CONTEXT } },
      { Constraints: { EncryptionContextEquals: { tenant: 'b' } } },
    ];
    for (const other of others) {
      const call = reader.send(new CreateGrantCommand({ ...asked, ...other }));
      expect(await failure(call)).toMatchObject({ name: 'AccessDeniedException' });
    }
  });

  test('in a dry run makes nothing, and neither do the others', async () => {
    const { admin, create, list, KeyId } = await scene();
    const dry = { name: 'DryRunOperationException' };
    expect(await failure(create(['Decrypt'], { DryRun: true }))).toMatchObject(dry);
    const { GrantId } = await create(['Decrypt']);
    expect(await failure(admin.send(new RevokeGrantCommand({ KeyId, GrantId, DryRun: true })))).toMatchObject(dry);
    expect(await failure(admin.send(new RetireGrantCommand({ KeyId, GrantId, DryRun: true })))).toMatchObject(dry);
    expect(await list()).toHaveLength(1);
  });

  test('shows in its event the id and not the token', async () => {
    const { kms, create } = await scene();
    const { GrantId } = await create(['Decrypt']);
    expect(kms.events.at(-1)).toMatchObject({
      eventName: 'CreateGrant',
      responseElements: { grantId: GrantId },
      readOnly: false,
    });
    expect(MAX_GRANTS_OF_KEY).toBe(50_000);
  });
});

describe('grants are listed', () => {
  test('with what they say, page by page, and by grantee or id', async () => {
    const { admin, create, KeyId } = await scene();
    const ids = new Set<string>();
    for (let index = 0; index < 5; index++) ids.add((await create(['Decrypt'], { Name: `n${index}` })).GrantId);
    const full = await create(['Encrypt'], {
      GranteePrincipal: ROOT,
      RetiringPrincipal: READER,
      Constraints: { EncryptionContextSubset: CONTEXT },
    });
    const { Grants: [entry] = [] } = await admin.send(new ListGrantsCommand({ KeyId, GranteePrincipal: ROOT }));
    expect(entry).toEqual({
      Constraints: { EncryptionContextSubset: CONTEXT },
      CreationDate: expect.any(Date),
      GrantId: full.GrantId,
      GranteePrincipal: ROOT,
      IssuingAccount: ROOT,
      KeyId,
      Name: '',
      Operations: ['Encrypt'],
      RetiringPrincipal: READER,
    });
    const found: (string | undefined)[] = [];
    let Marker: string | undefined;
    do {
      const page = await admin.send(new ListGrantsCommand({ KeyId, GranteePrincipal: READER, Limit: 2, Marker }));
      found.push(...(page.Grants ?? []).map(({ GrantId }) => GrantId));
      expect(page.Truncated).toBe(page.NextMarker !== undefined);
      Marker = page.NextMarker;
    } while (Marker !== undefined);
    expect(found.sort()).toEqual([...ids].sort());
    const one = await admin.send(new ListGrantsCommand({ KeyId, GrantId: full.GrantId }));
    expect(one.Grants).toHaveLength(1);
    expect(await failure(admin.send(new ListGrantsCommand({ KeyId, GrantId: 'none' })))).toMatchObject({
      name: 'InvalidGrantIdException',
    });
    expect(await failure(admin.send(new ListGrantsCommand({ KeyId, Limit: 101 })))).toMatchObject({
      name: 'ValidationException',
    });
    expect(await failure(admin.send(new ListGrantsCommand({ KeyId, Marker: 'forged' })))).toMatchObject({
      name: 'InvalidMarkerException',
    });
  });

  test('by who may retire them, which asks for IAM alone', async () => {
    const { admin, reader, create } = await scene();
    const { GrantId } = await create(['Decrypt'], { RetiringPrincipal: READER });
    await create(['Decrypt']);
    const { Grants } = await admin.send(new ListRetirableGrantsCommand({ RetiringPrincipal: READER }));
    expect(Grants?.map((one) => one.GrantId)).toEqual([GrantId]);
    const foreign = new ListRetirableGrantsCommand({ RetiringPrincipal: 'arn:aws:iam::444455556666:root' });
    expect(await failure(admin.send(foreign))).toMatchObject({ name: 'InvalidArnException' });
    expect(
      (await failure(reader.send(new ListRetirableGrantsCommand({ RetiringPrincipal: READER })))).message,
    ).toContain('kms:ListRetirableGrants on resource: * because no identity-based policy allows');
  });
});

describe('RetireGrant', () => {
  test('is for the retiring principal, a grantee that holds it, and the account of the key; by token or by id', async () => {
    const { admin, reader, create, list, KeyId } = await scene();
    const retiring = await create(['Decrypt'], { GranteePrincipal: ROOT, RetiringPrincipal: READER });
    await reader.send(new RetireGrantCommand({ GrantToken: retiring.GrantToken }));
    const held = await create(['RetireGrant']);
    await reader.send(new RetireGrantCommand({ KeyId, GrantId: held.GrantId }));
    expect(await list()).toEqual([]);
    const other = await create(['Decrypt']);
    const denied = await failure(reader.send(new RetireGrantCommand({ GrantToken: other.GrantToken })));
    expect(denied).toMatchObject({ name: 'AccessDeniedException' });
    await admin.send(new RetireGrantCommand({ KeyId, GrantId: other.GrantId }));
    expect(await list()).toEqual([]);
  });

  test('says of what is not there that it is not there', async () => {
    const { admin, create, encrypt, KeyId } = await scene();
    const { GrantId, GrantToken } = await create(['Encrypt']);
    expect(await encrypt({}, [GrantToken])).toBe('allowed');
    await admin.send(new RevokeGrantCommand({ KeyId, GrantId }));
    expect(await failure(admin.send(new RetireGrantCommand({ GrantToken })))).toMatchObject({
      name: 'InvalidGrantTokenException',
    });
    expect(await failure(admin.send(new RetireGrantCommand({ KeyId, GrantId })))).toMatchObject({
      name: 'NotFoundException',
    });
    expect(await failure(admin.send(new RevokeGrantCommand({ KeyId, GrantId })))).toMatchObject({
      name: 'NotFoundException',
    });
    expect(await failure(admin.send(new RetireGrantCommand({ KeyId })))).toMatchObject({ name: 'ValidationException' });
    const altered = `${GrantToken.slice(0, -1)}${GrantToken.endsWith('A') ? 'B' : 'A'}`;
    expect(await failure(admin.send(new RetireGrantCommand({ GrantToken: altered })))).toMatchObject({
      name: 'InvalidGrantTokenException',
    });
  });
});
