import { App, Aws, RemovalPolicies, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import {
  type AccessConditions,
  AccountDelegation,
  AliasName,
  EncryptionKey,
  EncryptionKeyGenerations,
  KeyAccess,
  KeyAlias,
  MacKey,
  SigningKey,
  SigningKeySpec,
} from '../../lib';
import { failureOf } from '../failure-of';

const HERE = { account: '111122223333', region: 'eu-west-1' };
const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

function failureIn(build: (stack: Stack) => void): string {
  const app = new App();
  build(new Stack(app, 'Test', { env: HERE }));
  return failureOf(app);
}

describe('several aliases', () => {
  const stack = new Stack(new App(), 'Test');
  const key = new EncryptionKey(stack, 'Key', { alias: 'orders', aliases: ['alias/orders-eu', 'audit'] });
  key.addOutputs();
  new EncryptionKey(stack, 'Going', { aliases: ['b', 'a'], removalPolicy: RemovalPolicy.DESTROY });
  const template = Template.fromStack(stack);

  test.each(['alias/orders', 'alias/orders-eu', 'alias/audit'])('%s is retained with the key', (AliasName) => {
    template.hasResource('AWS::KMS::Alias', {
      Properties: { AliasName, TargetKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] } },
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
  });

  test('go with the key where it goes', () => {
    template.hasResource('AWS::KMS::Alias', { Properties: { AliasName: 'alias/a' }, DeletionPolicy: 'Delete' });
  });

  test('have logical ids of their names, so that their order does not matter', () => {
    const other = new Stack(new App(), 'Test');
    new EncryptionKey(other, 'Going', { aliases: ['a', 'b'] });
    const ids = Object.keys(Template.fromStack(other).findResources('AWS::KMS::Alias'));
    expect(Object.keys(template.findResources('AWS::KMS::Alias'))).toEqual(expect.arrayContaining(ids));
  });

  test('have ids of their own, however alike their names are', () => {
    const other = new Stack(new App(), 'Test');
    new EncryptionKey(other, 'Key', { aliases: ['a/b', 'a--b', 'a-/b', 'a/-b', 'a---b'] });
    Template.fromStack(other).resourceCountIs('AWS::KMS::Alias', 5);
  });

  test('the name that the key is known by is the first', () => {
    expect(stack.resolve(new MacKey(stack, 'Mac', { aliases: ['mac'] }).aliasName)).toBe('alias/mac');
    expect(new MacKey(stack, 'Unnamed').aliasName).toBeUndefined();
  });

  test('one that is there twice is reported, whichever way it is written', () => {
    const text = failureIn(
      (stack) => new EncryptionKey(stack, 'Key', { alias: 'orders', aliases: ['alias/orders', 'x y'] }),
    );
    expect(text).toContain('alias "alias/orders" is named twice');
    expect(text).toContain('alias "x y": an alias name has');
  });

  test('one that deployment makes up is reported', () => {
    const text = failureIn((stack) => new EncryptionKey(stack, 'Key', { aliases: [Aws.STACK_NAME] }));
    expect(text).toContain('is known at deployment only; use a KeyAlias');
  });

  test('adding one that is there throws', () => {
    expect(() => key.addAlias('audit')).toThrow('Test/Key: alias "alias/audit" is one of this key\'s already');
    expect(() => key.addAlias('alias/aws/s3')).toThrow('kept for AWS managed keys');
  });

  test('adding a further one that deployment makes up throws with what to use', () => {
    const own = new EncryptionKey(new Stack(new App(), 'Own'), 'Key');
    own.addAlias(`alias/${Aws.STACK_NAME}`);
    expect(() => own.addAlias(`alias/more/${Aws.STACK_NAME}`)).toThrow(
      /^Own\/Key: alias "alias\/more\/\$\{Token.*is known at deployment only; use a KeyAlias/,
    );
  });
});

test('an alias that parts from its key is warned of, and one that goes with it is not', () => {
  const warnings = (applyToResourceTypes?: string[]) => {
    const own = new Stack(new App(), 'Own');
    new EncryptionKey(own, 'Key', { alias: 'orders', aliases: ['more'] });
    RemovalPolicies.of(own).destroy({ applyToResourceTypes });
    return Annotations.fromStack(own).findWarning('*', Match.stringLikeRegexp('that of its key Delete'));
  };
  expect(warnings(['AWS::KMS::Key'])).toHaveLength(2);
  expect(warnings()).toEqual([]);
});

describe('aliases of an application', () => {
  test('a key takes 50, and not 51', () => {
    const names = Array.from({ length: 50 }, (_, index) => `a${index}`);
    expect(failureIn((stack) => new EncryptionKey(stack, 'Key', { aliases: names }))).toBe('');
    const text = failureIn((stack) => {
      const key = new EncryptionKey(stack, 'Key', { aliases: names });
      new kms.Alias(stack, 'Plain', { aliasName: 'alias/more', targetKey: key });
    });
    expect(text).toContain('a key has 51 aliases');
    expect(text).toContain('KMS allows 50');
  });

  test('the same name in two stacks of one account and Region is reported with both places', () => {
    const app = new App();
    new EncryptionKey(new Stack(app, 'One', { env: HERE }), 'Key', { alias: 'orders' });
    new kms.Key(new Stack(app, 'Two', { env: HERE }), 'Key', { alias: 'alias/orders' });
    expect(failureOf(app)).toContain(
      'alias "alias/orders" is there 2 times for one account and Region (One/Key/Alias, Two/Key/Alias)',
    );
  });

  test('the same name of generations is reported', () => {
    const app = new App();
    const stack = new Stack(app, 'One', { env: HERE });
    for (const id of ['Keys', 'More']) {
      new EncryptionKeyGenerations(stack, id, { alias: 'orders', generations: [{ id: '1' }] });
    }
    expect(failureOf(app)).toContain('is there 2 times for one account and Region (One/Keys/Alias, One/More/Alias)');
  });

  test('the same name in two stages of one account and Region is reported', () => {
    const app = new App();
    for (const name of ['Test', 'Prod']) {
      new EncryptionKey(new Stack(new Stage(app, name, { env: HERE }), 'Stack'), 'Key', { alias: 'orders' });
    }
    expect(failureOf(app)).toContain('(Test/Stack/Key/Alias, Prod/Stack/Key/Alias)');
  });

  test('the same name in two Regions is no mistake, nor where the place is not known', () => {
    const app = new App();
    new EncryptionKey(new Stack(app, 'One', { env: HERE }), 'Key', { alias: 'orders' });
    new EncryptionKey(new Stack(app, 'Two', { env: { ...HERE, region: 'eu-central-1' } }), 'Key', { alias: 'orders' });
    new EncryptionKey(new Stack(app, 'Three'), 'Key', { alias: 'orders' });
    new EncryptionKey(new Stack(app, 'Four'), 'Key', { alias: 'orders' });
    expect(failureOf(app)).toBe('');
  });

  test('an alias in another Region or account than its key is reported', () => {
    const imported = failureIn((stack) => {
      const key = EncryptionKey.fromKeyArn(stack, 'Key', KEY_ARN.replace('eu-west-1', 'us-east-1'));
      new KeyAlias(stack, 'Alias', { aliasName: 'orders', targetKey: key });
    });
    expect(imported).toContain('is in Region eu-west-1 and its key in Region us-east-1');

    const app = new App();
    const key = new EncryptionKey(new Stack(app, 'Keys', { env: HERE }), 'Key');
    const other = new Stack(app, 'Other', { env: { ...HERE, account: '444455556666' } });
    new KeyAlias(other, 'Alias', { aliasName: 'orders', targetKey: key });
    expect(failureOf(app)).toContain('is in account 444455556666 and its key in account 111122223333');
  });

  test('an alias that points to an alias is reported', () => {
    const text = failureIn((stack) => {
      const byAlias = EncryptionKey.fromAliasName(stack, 'ByAlias', 'orders');
      new KeyAlias(stack, 'Again', { aliasName: 'again', targetKey: byAlias });
      new KeyAlias(stack, 'Good', { aliasName: 'good', targetKey: kms.Key.fromKeyArn(stack, 'Plain', KEY_ARN) });
      new kms.CfnAlias(stack, 'Raw', { aliasName: 'alias/raw', targetKeyId: 'alias/orders' });
      expect(() => byAlias.addAlias('more')).toThrow('an alias points to a key and not to an alias');
    });
    expect(text).toContain('alias "alias/raw" (Test/Raw) points to "alias/orders", which is an alias itself');
    expect(text).toContain('targetKey Test/ByAlias is imported by its alias');
    expect(text).not.toContain('good');
  });
});

describe('KeyAlias', () => {
  test('points to the key that it was moved to, and is retained with it', () => {
    const stack = new Stack(new App(), 'Test');
    const [before, after] = [new EncryptionKey(stack, 'Before'), new EncryptionKey(stack, 'After')];
    const alias = new KeyAlias(stack, 'Alias', { aliasName: 'orders', targetKey: before });
    alias.pointTo(after);
    expect(alias.targetKey).toBe(after);
    Template.fromStack(stack).hasResource('AWS::KMS::Alias', {
      Properties: { AliasName: 'alias/orders', TargetKeyId: stack.resolve(after.keyArn) },
      DeletionPolicy: 'Retain',
    });
  });

  test('does not move to a key of another type or usage', () => {
    const stack = new Stack(new App(), 'Test');
    const alias = new KeyAlias(stack, 'Alias', { aliasName: 'orders', targetKey: new EncryptionKey(stack, 'Key') });
    const signing = new SigningKey(stack, 'Signing', { keySpec: SigningKeySpec.ECC_NIST_P256 });
    expect(() => alias.pointTo(signing)).toThrow(
      'Test/Alias: alias "alias/orders" cannot move from Test/Key (symmetric, ENCRYPT_DECRYPT) to Test/Signing (asymmetric, SIGN_VERIFY)',
    );
    expect(() => alias.pointTo(new MacKey(stack, 'Mac'))).toThrow('(HMAC, GENERATE_VERIFY_MAC)');
    const rsa = new kms.Key(stack, 'Rsa', { keySpec: kms.KeySpec.RSA_2048, keyUsage: kms.KeyUsage.ENCRYPT_DECRYPT });
    expect(() => alias.pointTo(rsa)).toThrow('Test/Rsa (asymmetric, ENCRYPT_DECRYPT)');
    expect(() => alias.pointTo(new kms.Key(stack, 'Plain'))).not.toThrow();
    expect(() => alias.pointTo(kms.Key.fromKeyArn(stack, 'Unknown', KEY_ARN))).not.toThrow();
  });

  test('a former target of another type is reported, and so is a wrong name', () => {
    const text = failureIn((stack) => {
      const formerTargets = [new MacKey(stack, 'Mac')];
      new KeyAlias(stack, 'Alias', {
        aliasName: 'my orders',
        targetKey: new EncryptionKey(stack, 'Key'),
        formerTargets,
      });
    });
    expect(text).toContain('cannot move from Test/Mac (HMAC, GENERATE_VERIFY_MAC) to Test/Key');
    expect(text).toContain('alias "my orders": an alias name has');
  });
});

describe('AliasName', () => {
  const app = new App({ context: { 'cdk-keysmith:appName': 'shop' } });
  const stack = new Stack(new Stage(app, 'Prod.eu'), 'Orders', { stackName: 'orders' });

  test('of stage, stack and application', () => {
    expect(AliasName.forStage(stack, 'orders')).toBe('alias/Prod-eu/orders');
    expect(AliasName.forStack(stack, 'alias/orders')).toBe('alias/orders/orders');
    expect(AliasName.forApp(stack, 'orders')).toBe('alias/shop/orders');
  });

  test('of a stage that is not there, and of an application without name, throws', () => {
    const alone = new Stack(new App(), 'Alone');
    expect(() => AliasName.forStage(alone, 'orders')).toThrow('the stack is in none; put it into a Stage');
    expect(() => AliasName.forApp(alone, 'orders')).toThrow('"cdk-keysmith:appName" is not set');
  });
});

describe('access by alias', () => {
  const stack = new Stack(new App(), 'Test');
  const key = new EncryptionKey(stack, 'Key');
  const role = () =>
    new iam.Role(stack, `Role${stack.node.children.length}`, { assumedBy: new iam.AccountRootPrincipal() });
  const granted = (conditions: AccessConditions) =>
    stack.resolve(key.grants.decrypt(role(), conditions).principalStatements[0]?.toStatementJson()).Condition;

  test('stands in the IAM policy as KMS has it', () => {
    expect(granted({ resourceAliases: ['orders'] })).toEqual({
      'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/orders' },
    });
    expect(granted({ resourceAliases: ['orders', 'alias/app/*'] })).toEqual({
      'ForAnyValue:StringLike': { 'kms:ResourceAliases': ['alias/orders', 'alias/app/*'] },
    });
    expect(granted({ requestAlias: 'orders', viaServices: ['x.example'] })).toEqual({
      StringEquals: { 'kms:RequestAlias': 'alias/orders', 'kms:ViaService': 'x.example' },
    });
    expect(granted({ requestAlias: 'orders-*' })).toEqual({ StringLike: { 'kms:RequestAlias': 'alias/orders-*' } });
  });

  test('what would do nothing is refused', () => {
    expect(() => key.grants.administer(role(), { requestAlias: 'orders' })).toThrow('never name a key by an alias');
    expect(() => key.grants.decrypt(role(), { resourceAliases: [] })).toThrow('at least one member');
    expect(() => key.grants.decrypt(role(), { requestAlias: 'a b' })).toThrow('an alias name has');
    const strict = new EncryptionKey(stack, 'Strict', { accountDelegation: AccountDelegation.ADMINISTRATION });
    expect(() => strict.grants.decrypt(role(), { resourceAliases: ['orders'] })).toThrow('counts in IAM policies only');
    const byAlias = EncryptionKey.fromAliasName(stack, 'ByAlias', 'orders');
    expect(() => byAlias.grants.decrypt(role(), { resourceAliases: ['orders'] })).toThrow('is that condition already');
  });

  test('resourceAliases in the key policy is reported, requestAlias is taken', () => {
    const who = [new iam.ArnPrincipal('arn:aws:iam::111122223333:role/Clerk')];
    const text = failureIn((own) => {
      new EncryptionKey(own, 'Key', {
        access: [
          KeyAccess.decrypt(who, { resourceAliases: ['orders'] }),
          KeyAccess.encrypt(who, { requestAlias: 'orders' }),
          KeyAccess.audit(who, { requestAlias: 'orders' }),
        ],
      });
    });
    expect(text).toContain('access, decrypt: resourceAliases counts in IAM policies only');
    expect(text).toContain('access, audit: requestAlias with');
    expect(text).not.toContain('access, encrypt');
  });
});
