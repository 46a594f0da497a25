import { readFileSync } from 'node:fs';
import { checkAssembly, findingsAsSarif, parseSuppressions } from '@cdk-keysmith/access';
import { Ajv } from 'ajv';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { keysmithChecks } from '../src/cdk.ts';
import { appOf, folderWith, keyResource, removeFolders } from './support/assembly.ts';

afterAll(removeFolders);

const everyone = { Effect: 'Allow', Principal: '*', Action: 'kms:Decrypt', Resource: '*' };
const app = appOf({ Key: keyResource([everyone]) });

function suppressed(until?: string) {
  const text = JSON.stringify({
    suppressions: [{ rule: 'wildcard-principal', path: 'App/*', reason: 'a trial', until }],
  });
  return { suppressions: parseSuppressions(text, 'keysmith-suppressions.json') };
}

describe('findings as SARIF', () => {
  const findings = checkAssembly(app, suppressed());
  const log = findingsAsSarif(findings, { root: app.directory ?? '' });

  it('are valid against the schema of SARIF 2.1.0', () => {
    const file = require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
    // The schema is of draft 4, of which it uses what later drafts have too, but for the name of its id.
    const { $schema: _draft, id: _id, ...schema } = JSON.parse(readFileSync(file, 'utf8'));
    const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);
    validate(log);
    expect(validate.errors).toBeNull();
    expect(validate({ version: '2.1.0' })).toBe(false);
  });

  it('have the construct path, a line of the template relative to the root, and suppressions with their reasons', () => {
    expect(log).toMatchObject({
      runs: [{ results: expect.arrayContaining([expect.objectContaining({ ruleId: 'wildcard-principal' })]) }],
    });
    const text = JSON.stringify(log);
    expect(text).toContain('"uri":"App.template.json"');
    expect(text).toContain('"fullyQualifiedName":"App/Key"');
    expect(text).toContain('"kind":"external"');
    expect(text).toContain('a trial');
  });
});

describe('suppressions', () => {
  const openErrors = (options: Parameters<typeof checkAssembly>[1]) =>
    checkAssembly(app, options).filter(({ severity, suppressed: by }) => severity === 'error' && by === undefined);

  it('of a file cover the paths that they name, up to and including their last day', () => {
    expect(openErrors({}).map(({ ruleId }) => ruleId)).toEqual(['wildcard-principal']);
    expect(openErrors(suppressed())).toEqual([]);
    expect(openErrors({ ...suppressed('2026-06-30'), today: '2026-06-30' })).toEqual([]);
    expect(openErrors({ ...suppressed('2026-06-30'), today: '2026-07-01' })).toHaveLength(1);
  });

  it('that have expired are findings themselves', () => {
    const findings = checkAssembly(app, { ...suppressed('2026-06-30'), today: '2026-07-01' });
    expect(findings.map(({ message }) => message).join()).toContain('has counted until 2026-06-30');
  });

  it.each([
    ['suppressions: [{ rule: no-such, path: a, reason: b }]', 'no rule "no-such"'],
    ['suppressions: [{ rule: key-disabled, path: a }]', 'reason is missing'],
    ['suppressions: [{ rule: key-disabled, path: a, reason: b, until: 2026-13-01 }]', 'until must be a day'],
    ['rules: []', 'a list "suppressions"'],
  ])('of a wrong file are told: %s', (text, expected) => {
    expect(() => parseSuppressions(text, 's.yaml')).toThrow(expected);
  });
});

it('refuses a rule that does not exist, and names those that do', () => {
  expect(() => checkAssembly(app, { rules: ['nothing'] })).toThrow(/no rule "nothing".*key-policy-lockout/);
});

describe('the validation plugin', () => {
  function synthesize(build: (stack: Stack) => void): string {
    const outdir = folderWith({});
    const cdk = new App({ outdir });
    Validations.of(cdk).addPlugins(keysmithChecks());
    build(new Stack(cdk, 'Orders'));
    try {
      cdk.synth();
      return '';
    } catch (error) {
      return String(error);
    }
  }

  it('fails a synthesis with a key that everyone may use, and names rule and construct', () => {
    const report = synthesize((stack) => addOpenKey(stack));
    expect(report).toContain('wildcard-principal');
    expect(report).toContain('Orders/Key');
  });

  it('lets a good key pass', () => {
    expect(synthesize((stack) => void new Key(stack, 'Key', { enableKeyRotation: true }))).toBe('');
  });

  it('leaves acknowledgements to the CDK', () => {
    const report = synthesize((stack) => {
      const key = addOpenKey(stack);
      Validations.of(key).acknowledge({ id: 'keysmith::wildcard-principal', reason: 'a public key' });
    });
    expect(report).toBe('');
  });

  function addOpenKey(stack: Stack): Key {
    const key = new Key(stack, 'Key', { enableKeyRotation: true });
    const statement = { principals: [new AnyPrincipal()], actions: ['kms:Decrypt'], resources: ['*'] };
    key.addToResourcePolicy(new PolicyStatement(statement));
    return key;
  }
});
