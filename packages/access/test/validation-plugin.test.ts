import { relative } from 'node:path';
import { App, type CfnResource, NestedStack, Stack, Stage, Validations } from 'aws-cdk-lib';
import { AccountRootPrincipal, AnyPrincipal, Policy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct, IConstruct } from 'constructs';
import { type KeysmithChecksOptions, keysmithChecks } from '../src/cdk.ts';
import { folderWith, removeFolders } from './support/assembly.ts';

afterAll(removeFolders);

/** What the CDK reports of an app as an error; empty: it was synthesized. */
function synthesize(build: (app: App) => void, options: KeysmithChecksOptions = {}, outdir = folderWith({})): string {
  // Without the rules of the CDK itself, which take their time and are not asked here.
  const cdk = new App({ outdir, builtinCloudFormationValidation: false });
  Validations.of(cdk).addPlugins(keysmithChecks(options));
  return errorOf(() => build(cdk), cdk);
}

function errorOf(build: () => void, cdk: App): string {
  build();
  const silenced = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  try {
    cdk.synth();
    return '';
  } catch (error) {
    return String(error);
  } finally {
    silenced.mockRestore();
  }
}

/** A key that everybody may use. */
function addOpenKey(scope: Construct): Key {
  const key = new Key(scope, 'Key', { enableKeyRotation: true });
  const statement = { principals: [new AnyPrincipal()], actions: ['kms:Decrypt'], resources: ['*'] };
  key.addToResourcePolicy(new PolicyStatement(statement));
  return key;
}

const acknowledge = (construct: IConstruct, rule: string) => {
  Validations.of(construct).acknowledge({ id: `keysmith::${rule}`, reason: 'a public key' });
};

describe('the validation plugin', () => {
  it('fails a synthesis with a key that everyone may use, and names rule and construct', () => {
    const report = synthesize((app) => addOpenKey(new Stack(app, 'Orders')));
    expect(report).toContain('wildcard-principal');
    expect(report).toContain('Orders/Key');
  });

  it('lets a good key pass', () => {
    expect(synthesize((app) => new Key(new Stack(app, 'Orders'), 'Key', { enableKeyRotation: true }))).toBe('');
  });

  it('finds what it finds when the folder is named from the working directory too', () => {
    const outdir = relative(process.cwd(), folderWith({}));
    expect(synthesize((app) => addOpenKey(new Stack(app, 'Orders')), {}, outdir)).toContain('wildcard-principal');
  });

  it('leaves acknowledgements to the CDK', () => {
    expect(synthesize((app) => acknowledge(addOpenKey(new Stack(app, 'Orders')), 'wildcard-principal'))).toBe('');
  });

  it('fails on what it is told to fail on, whatever else is acknowledged', () => {
    const build = (app: App) => {
      const stack = new Stack(app, 'Orders');
      acknowledge(addOpenKey(stack), 'wildcard-principal');
      new Key(stack, 'Other', { enableKeyRotation: false });
    };
    expect(synthesize(build)).toBe('');
    expect(synthesize(build, { failOn: 'warning' })).toContain('rotation-disabled');
    expect(synthesize((app) => addOpenKey(new Stack(app, 'Orders')), { failOn: 'none' })).toBe('');
  });
});

describe('the validation plugin in an app with stages and nested stacks', () => {
  /** The key is in a nested stack of a stack of a stage. */
  const inNested = (change: (key: Key) => void) => (app: App) => {
    const stack = new Stack(new Stage(app, 'Prod'), 'Orders');
    change(addOpenKey(new NestedStack(stack, 'Keys')));
  };

  it('finds the key, and names the construct', () => {
    const report = synthesize(inNested(() => undefined));
    expect(report).toContain('wildcard-principal');
    expect(report).toContain('Prod/Orders/Keys/Key');
  });

  it('hears metadata of a resource there, and acknowledgements at the key, the stack or the stage', () => {
    const suppress = [{ rule: 'wildcard-principal', reason: 'a public key' }];
    const ways: readonly ((key: Key) => void)[] = [
      (key) => (key.node.defaultChild as CfnResource).addMetadata('keysmith', { suppress }),
      (key) => acknowledge(key, 'wildcard-principal'),
      (key) => acknowledge(Stack.of(key), 'wildcard-principal'),
      (key) => acknowledge(Stage.of(key) as Stage, 'wildcard-principal'),
    ];
    expect(ways.map((way) => synthesize(inNested(way)))).toEqual(ways.map(() => ''));
    expect(synthesize(inNested((key) => acknowledge(key, 'rotation-disabled')))).toContain('wildcard-principal');
  });

  it('added to a stage checks that stage alone', () => {
    const build = (bad: string) => {
      const cdk = new App({ outdir: folderWith({}), builtinCloudFormationValidation: false });
      return errorOf(() => {
        for (const name of ['Test', 'Prod']) {
          const stage = new Stage(cdk, name);
          if (name === 'Prod') Validations.of(stage).addPlugins(keysmithChecks());
          const stack = new Stack(stage, 'Orders');
          if (name === bad) addOpenKey(new NestedStack(stack, 'Keys'));
          else new Key(stack, 'Key', { enableKeyRotation: true });
        }
      }, cdk);
    };
    expect(build('Prod')).toContain('Prod/Orders/Keys/Key');
    expect(build('Test')).toBe('');
  });
});

describe('what an IAM policy says', () => {
  const build = (change: (role: Role, policy: Policy) => void) => (app: App) => {
    const stack = new Stack(app, 'Orders');
    const role = new Role(stack, 'Reader', { assumedBy: new AccountRootPrincipal() });
    const statement = new PolicyStatement({ actions: ['kms:Decrypt'], resources: ['*'] });
    const policy = new Policy(stack, 'Reading', { statements: [statement], roles: [role] });
    change(role, policy);
  };
  const failOn = 'warning';

  it('is found at the policy, and acknowledged there or at the role that has it', () => {
    const open = synthesize(
      build(() => undefined),
      { failOn },
    );
    expect(open).toContain('decrypt-on-all-keys');
    expect(open).toContain('Orders/Reading');
    const atPolicy = build((_role, policy) => acknowledge(policy, 'decrypt-on-all-keys'));
    const atRole = build((role) => acknowledge(role, 'decrypt-on-all-keys'));
    expect([atPolicy, atRole].map((one) => synthesize(one, { failOn }))).toEqual(['', '']);
  });
});
