import {
  CreateAliasCommand,
  CreateGrantCommand,
  DeleteAliasCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  GenerateDataKeyCommand,
  type KMSClient,
  PutKeyPolicyCommand,
  RevokeGrantCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-kms';
import { createLocalKms, type LocalKms } from '@cdk-keysmith/local-kms';
import { ACCOUNT, DELEGATION, document, type Json, key, role, writeApp } from './small-app.ts';
import { administrator, clientAs, keyArnOf } from './support.ts';

const ROLE = `arn:aws:iam::${ACCOUNT}:role/Caller`;

function when(Condition: Json): Json {
  return { Effect: 'Allow', Principal: { AWS: ROLE }, Action: 'kms:GenerateDataKey', Resource: '*', Condition };
}

describe('a decision is not remembered longer than it holds', () => {
  const app = writeApp({
    Key: key(DELEGATION),
    Caller: role('Caller', []),
  });
  let kms: LocalKms;
  let caller: KMSClient;
  let root: KMSClient;
  let KeyId: string;

  beforeAll(() => {
    kms = createLocalKms({ app: app.folder });
    caller = clientAs(kms, 'Caller');
    root = administrator(kms);
    KeyId = keyArnOf(kms, 'App/Key');
  });
  afterAll(async () => {
    await kms.close();
    app.remove();
  });

  async function outcome(context: Readonly<Record<string, string>> = {}): Promise<string> {
    const call = new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256', EncryptionContext: context });
    return caller.send(call).then(
      () => 'allowed',
      (error: Error) => error.name,
    );
  }

  async function policy(...statements: readonly Json[]): Promise<void> {
    await root.send(new PutKeyPolicyCommand({ KeyId, Policy: JSON.stringify(document(DELEGATION, ...statements)) }));
  }

  /** Asks twice each time, so that the second answer is the remembered one. */
  async function expectTwice(expected: string, context?: Readonly<Record<string, string>>): Promise<void> {
    expect([await outcome(context), await outcome(context)]).toEqual([expected, expected]);
  }

  const DENIED = 'AccessDeniedException';

  test('than the key policy', async () => {
    await expectTwice(DENIED);
    await policy(when({}));
    await expectTwice('allowed');
    await policy();
    await expectTwice(DENIED);
  });

  test('than a grant', async () => {
    await expectTwice(DENIED);
    const others = [...'ab'].map((name) => `arn:aws:iam::${ACCOUNT}:role/${name}`);
    for (const GranteePrincipal of others) {
      await root.send(new CreateGrantCommand({ KeyId, GranteePrincipal, Operations: ['GenerateDataKey'] }));
    }
    await expectTwice(DENIED);
    const grant = { KeyId, GranteePrincipal: ROLE, Operations: ['GenerateDataKey' as const] };
    const { GrantId } = await root.send(new CreateGrantCommand(grant));
    await expectTwice('allowed');
    await root.send(new RevokeGrantCommand({ KeyId, GrantId }));
    await expectTwice(DENIED);
    const subset = { EncryptionContextSubset: { tenant: 'a' } };
    const constrained = await root.send(new CreateGrantCommand({ ...grant, Constraints: subset }));
    await expectTwice('allowed', { tenant: 'a' });
    await expectTwice(DENIED, { tenant: 'b' });
    await root.send(new RevokeGrantCommand({ KeyId, GrantId: constrained.GrantId }));
    await expectTwice(DENIED, { tenant: 'a' });
  });

  test('than the encryption context of the call', async () => {
    await policy(when({ StringEquals: { 'kms:EncryptionContext:tenant': 'a' } }));
    await expectTwice('allowed', { tenant: 'a' });
    await expectTwice(DENIED, { tenant: 'b' });
    await expectTwice('allowed', { Tenant: 'a' });
    await expectTwice(DENIED);
  });

  test('than a tag of the key', async () => {
    await policy(when({ StringEquals: { 'aws:ResourceTag/stage': 'test' } }));
    await expectTwice(DENIED);
    await root.send(new TagResourceCommand({ KeyId, Tags: [{ TagKey: 'stage', TagValue: 'test' }] }));
    await expectTwice('allowed');
    await root.send(new UntagResourceCommand({ KeyId, TagKeys: ['stage'] }));
    await expectTwice(DENIED);
  });

  test('than an alias of the key', async () => {
    await policy(when({ 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/orders' } }));
    await expectTwice(DENIED);
    await root.send(new CreateAliasCommand({ AliasName: 'alias/orders', TargetKeyId: KeyId }));
    await expectTwice('allowed');
    await root.send(new DeleteAliasCommand({ AliasName: 'alias/orders' }));
    await expectTwice(DENIED);
  });

  test('than the clock', async () => {
    const end = new Date(kms.clock.now().getTime() + 60_000).toISOString();
    await policy(when({ DateLessThan: { 'aws:CurrentTime': end } }));
    await expectTwice('allowed');
    kms.clock.advance(120_000);
    await expectTwice(DENIED);
    kms.clock.reset();
    await expectTwice('allowed');
  });

  test('than the state of the key', async () => {
    await policy(when({}));
    await expectTwice('allowed');
    await root.send(new DisableKeyCommand({ KeyId }));
    await expectTwice('DisabledException');
    await root.send(new EnableKeyCommand({ KeyId }));
    await expectTwice('allowed');
  });
});
