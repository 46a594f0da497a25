// The application that every language writes once more, beside this file: all of them synthesize the same templates.
// Where a statement differs from the obvious one, another language would have found it awkward.

import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import {
  AccountDelegation,
  AliasName,
  EncryptionChoice,
  EncryptionKey,
  EncryptionKeyGenerations,
  Envelope,
  EnvelopeLayer,
  GrantOperation,
  GrantPrincipal,
  KeyAccess,
  KeyDefaults,
  KmsGrant,
  SigningKey,
  SigningKeySpec,
} from 'cdk-keysmith';

const app = new App();
const stack = new Stack(app, 'Shop', { env: { account: '111122223333', region: 'eu-west-1' } });
const clerk = new iam.Role(stack, 'Clerk', { assumedBy: new iam.AccountRootPrincipal() });
const administrator = new iam.ArnPrincipal('arn:aws:iam::111122223333:role/KeyAdministrator');

const key = new EncryptionKey(stack, 'Key', {
  alias: AliasName.forStack(stack, 'orders'),
  aliases: ['orders-of-2026'],
  description: 'Orders',
  rotationPeriod: Duration.days(180),
  administrators: [administrator],
  access: [
    KeyAccess.decrypt([clerk], {
      encryptionContext: { purpose: 'report' },
      requiredContext: ['tenant'],
      viaServices: ['s3', 'dynamodb'],
      multiFactorAuth: true,
    }),
  ],
  replicaRegions: ['eu-central-1'],
  replicas: [{ region: 'us-east-1', description: 'Read overseas', removalPolicy: RemovalPolicy.DESTROY }],
  tags: { owner: 'shop' },
});
key.addAlias('orders-in-ireland');
key.grants.encrypt(clerk, { encryptionContext: { purpose: 'export' } });
key.replicas[0]?.services?.logsExport();
key.replicas[1]?.grants.audit(clerk);
key.addOutputs();

// The log group brings its statement along; the statement for Auto Scaling is asked for.
new logs.LogGroup(stack, 'Log', { logGroupName: 'orders', encryptionKey: key });
key.services.autoScaling();

const signing = new SigningKey(stack, 'Signing', {
  alias: 'releases',
  keySpec: SigningKeySpec.ECC_NIST_P384,
  accountDelegation: AccountDelegation.ADMINISTRATION,
  access: [KeyAccess.sign([clerk])],
});
signing.grants.verify(clerk);

const generations = new EncryptionKeyGenerations(stack, 'Yearly', {
  generations: [{ id: '2025' }, { id: '2026' }],
  current: '2025',
});
new Envelope(stack, 'Letters', { generations, context: { service: 'letters' } }).grantDecrypt(handler('Reader'));
generations.current.grants.generateDataKeys(clerk);

const writer = handler('Writer');
writer.addLayers(new EnvelopeLayer(stack, 'Layer'));
const envelope = new Envelope(stack, 'Orders', {
  key,
  context: { service: 'orders' },
  requiredContext: ['tenant'],
  cache: { maxAge: Duration.minutes(1), maxMessages: 1000 },
});
envelope.grantEncrypt(writer);

new KmsGrant(stack, 'Grant', {
  key,
  grantee: GrantPrincipal.of(clerk),
  operations: [GrantOperation.DECRYPT, GrantOperation.DESCRIBE_KEY],
  encryptionContextSubset: { purpose: 'export' },
});

const choice = EncryptionChoice.customerManaged(key).forQueue();
new sqs.Queue(stack, 'Queue', { encryption: choice.encryption, encryptionMasterKey: choice.encryptionMasterKey });

// Whoever imports a key can go on with it as with one's own.
EncryptionKey.fromKeyArn(
  stack,
  'Imported',
  'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
).grants.decrypt(clerk);

const defaults = new KeyDefaults(stack, 'Defaults', { rotationPeriod: Duration.days(90) });
new kms.Key(stack, 'Plain');
if (defaults.report().every(({ property }) => property !== 'rotationPeriod')) {
  throw new Error('KeyDefaults changed nothing');
}

function handler(id: string): lambda.Function {
  return new lambda.Function(stack, id, {
    code: lambda.Code.fromInline('exports.handler = async () => {};'),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_24_X,
  });
}

app.synth();
