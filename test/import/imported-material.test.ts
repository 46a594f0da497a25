import { readAssembly, whoCan } from '@cdk-keysmith/access';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { AccountDelegation, EncryptionKey, KeyAccess, KeyOrigin, MacKey, MaterialExpiryAlarm } from '../../lib';

const { context } = require('../../cdk.json');
const FRANKFURT = { account: '111122223333', region: 'eu-central-1' };

const made = () => {
  const app = new App({ context });
  return { app, stack: new Stack(app, 'Import', { env: FRANKFURT }) };
};
const roleIn = (stack: Stack, id: string) => new iam.Role(stack, id, { assumedBy: new iam.AccountRootPrincipal() });

test('who imports may import and nothing else: neither use, delete the material, nor administer', () => {
  const { app, stack } = made();
  const [importer, other] = [roleIn(stack, 'Importer'), roleIn(stack, 'Other')];
  const key = new EncryptionKey(stack, 'Key', {
    origin: KeyOrigin.EXTERNAL,
    accountDelegation: AccountDelegation.ADMINISTRATION,
    access: [KeyAccess.importMaterial([importer])],
  });
  key.grants.importMaterial(other);
  const assembly = readAssembly(app.synth().directory);
  const verdicts = (action: string) =>
    assembly.keys
      .flatMap((model) => whoCan(assembly, model, action))
      .filter(({ grantee }) => /Importer|Other/.test(grantee.name))
      .map(({ decision }) => decision.verdict);
  for (const action of ['kms:DescribeKey', 'kms:GetParametersForImport', 'kms:ImportKeyMaterial']) {
    expect([action, verdicts(action)]).toEqual([action, ['allowed', 'allowed']]);
  }
  for (const action of ['kms:Decrypt', 'kms:DeleteImportedKeyMaterial', 'kms:PutKeyPolicy']) {
    expect([action, verdicts(action)]).toEqual([action, ['denied', 'denied']]);
  }
});

test('a key whose material KMS makes has nobody who imports', () => {
  const { app, stack } = made();
  const role = roleIn(stack, 'Role');
  const key = new MacKey(stack, 'Key', { access: [KeyAccess.importMaterial([role])] });
  expect(() => key.grants.importMaterial(role)).toThrow(/only a key with origin EXTERNAL takes material/);
  expect(() => app.synth()).toThrow(/access, importMaterial: only a key with origin EXTERNAL takes material/);
});

test('the alarm goes off as long before the expiry as was said, and stays on', () => {
  const { stack } = made();
  const key = new EncryptionKey(stack, 'Key', { origin: KeyOrigin.EXTERNAL });
  const topic = new sns.Topic(stack, 'Topic');
  new MaterialExpiryAlarm(stack, 'Default', { key });
  new MaterialExpiryAlarm(stack, 'Two', { key, notice: Duration.days(2), alarmActions: [new SnsAction(topic)] });
  const template = Template.fromStack(stack);
  for (const Threshold of [30 * 86_400, 2 * 86_400]) {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/KMS',
      MetricName: 'SecondsUntilKeyMaterialExpiration',
      Dimensions: [{ Name: 'KeyId', Value: { Ref: stack.getLogicalId(key.node.defaultChild as never) } }],
      Statistic: 'Minimum',
      ComparisonOperator: 'LessThanOrEqualToThreshold',
      TreatMissingData: 'ignore',
      Threshold,
    });
  }
  template.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmActions: [{ Ref: Match.anyValue() }] });
});

test('each replica has an alarm in its Region', () => {
  const { app, stack } = made();
  const key = new EncryptionKey(stack, 'Key', { origin: KeyOrigin.EXTERNAL, replicaRegions: ['us-east-1'] });
  for (const replica of key.replicas) new MaterialExpiryAlarm(replica.replicaStack, 'Expiry', { key: replica });
  app.synth();
  Template.fromStack(key.replicas[0]?.replicaStack as Stack).resourceCountIs('AWS::CloudWatch::Alarm', 1);
});

test.each<[string, (stack: Stack) => void, RegExp]>([
  [
    'material that does not expire',
    (stack) => new MaterialExpiryAlarm(stack, 'Alarm', { key: new EncryptionKey(stack, 'Key') }),
    /the alarm would never go off/,
  ],
  [
    'more notice than material lives',
    (stack) => {
      const key = new EncryptionKey(stack, 'Key', { origin: KeyOrigin.EXTERNAL });
      new MaterialExpiryAlarm(stack, 'Alarm', { key, notice: Duration.days(400) });
    },
    /notice of 400 days/,
  ],
  [
    'a key of another Region',
    (stack) => {
      const key = EncryptionKey.fromKeyArn(
        stack,
        'Key',
        'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
      );
      new MaterialExpiryAlarm(stack, 'Alarm', { key });
    },
    /its metric is in no other Region/,
  ],
  [
    'a key by alias',
    (stack) => new MaterialExpiryAlarm(stack, 'Alarm', { key: EncryptionKey.fromAliasName(stack, 'Key', 'orders') }),
    /imported by its alias/,
  ],
])('%s is refused', (_name, declare, message) => {
  const { app, stack } = made();
  declare(stack);
  expect(() => app.synth()).toThrow(message);
});
