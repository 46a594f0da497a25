import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Assembly,
  accessMap,
  accessReport,
  explainAccess,
  kmsActionNamed,
  readAssembly,
  renderAccessMarkdown,
  whoCan,
} from '@cdk-keysmith/access';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { appOf, arnOf, keyResource, policyResource, removeFolders, roleResource } from './support/assembly.ts';
import { describeWithVectors } from './support/vectors.ts';

afterAll(removeFolders);

const schema = JSON.parse(readFileSync(join(__dirname, '..', 'schema', 'access.schema.json'), 'utf8'));
const validate = new Ajv2020({ strict: true }).compile(schema);

/** What the schema has against the report of an app. */
function problems(assembly: Assembly): unknown {
  return validate(JSON.parse(JSON.stringify(accessReport(accessMap(assembly))))) ? [] : validate.errors;
}

const reading = { Effect: 'Allow', Action: 'kms:Decrypt', Resource: arnOf('Key') };
const condition = { StringEquals: { 'kms:EncryptionContext:tenant': 'acme' } };

const app = appOf({
  Key: keyResource([
    {
      Effect: 'Deny',
      Principal: '*',
      Action: 'kms:Decrypt',
      Resource: '*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
    {
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'kms:Decrypt',
      Resource: '*',
      Condition: { StringEquals: { 'aws:ResourceTag/a|b': 'c' } },
    },
  ]),
  Reader: roleResource(),
  P: policyResource([{ ...reading, Condition: condition }], [{ Ref: 'Reader' }]),
  Alias: { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/orders', TargetKeyId: arnOf('Key') } },
  Fn: { Type: 'AWS::Lambda::Function', Properties: { Role: arnOf('Reader') } },
});
const [key] = app.keys;
if (key === undefined) throw new Error('the app has a key');

const isReader = ({ type }: { type: string }) => type === 'role';

describe('the report', () => {
  it('is as its schema says', () => expect(problems(app)).toEqual([]));

  it('of another shape is refused by the schema', () => {
    const { keys } = accessReport(accessMap(app));
    expect(validate({ version: 2, keys, unknowns: [] })).toBe(false);
    expect(validate({ version: 1, keys: [{}], unknowns: [] })).toBe(false);
  });

  it('is the same text each time', () => {
    expect(JSON.stringify(accessReport(accessMap(app)))).toBe(JSON.stringify(accessReport(accessMap(app))));
    expect(renderAccessMarkdown(accessMap(app))).toBe(renderAccessMarkdown(accessMap(app)));
  });

  it('as Markdown has one cell for each column, whatever names hold', () => {
    const text = renderAccessMarkdown(accessMap(app));
    const rows = text.split('\n').filter((line) => line.startsWith('| '));
    expect(rows.length).toBeGreaterThan(2);
    for (const row of rows) expect(row.replaceAll('\\|', '').split('|')).toHaveLength(7);
  });
});

describe('who can', () => {
  const verdictOf = (details = {}) => {
    return whoCan(app, key, 'kms:Decrypt', details).find(({ grantee }) => isReader(grantee))?.decision.verdict;
  };

  it('leaves open what is not given, unless it is said to be all', () => {
    expect(verdictOf()).toBe('allowed-if');
    expect(verdictOf({ complete: true })).toBe('denied');
    expect(verdictOf({ encryptionContext: { tenant: 'globex' } })).toBe('denied');
    const secure = { 'aws:SecureTransport': 'true' };
    expect(verdictOf({ encryptionContext: { tenant: 'acme' }, conditions: secure, complete: true })).toBe('allowed');
  });

  it('takes actions as people type them, and none that concerns no key', () => {
    expect(['decrypt', 'KMS:DECRYPT', 'kms:Decrypt'].map(kmsActionNamed)).toEqual(Array(3).fill('kms:Decrypt'));
    expect(['CreateKey', 'ReEncrypt', 's3:GetObject', ''].map(kmsActionNamed)).toEqual(Array(4).fill(undefined));
  });
});

describe('why', () => {
  it('tells denials, key policy and identity policy with their conditions and places', () => {
    const [explanation] = explainAccess(app, key, 'kms:Decrypt', isReader);
    expect(explanation?.links.map(({ layer, effect, applies }) => [layer, effect, applies])).toEqual([
      ['key policy', 'Deny', 'perhaps'],
      ['key policy', 'Allow', 'yes'],
      ['identity policy', 'Allow', 'perhaps'],
    ]);
    expect(explanation?.links[1]?.text).toMatch(/^statement 1 of key policy of App\/Key delegates kms:Decrypt to IAM/);
    expect(explanation?.links[1]?.constructPath).toBe('App/Key');
    expect(explanation?.links[2]?.text).toMatch(/ allows kms:Decrypt if encryption context "tenant" is "acme"$/);
  });

  it('tells which layer is silent', () => {
    const [explanation] = explainAccess(app, key, 'kms:Encrypt', isReader);
    expect(explanation?.decision.verdict).toBe('denied');
    expect(explanation?.links.at(-1)).toMatchObject({ layer: 'identity policy', effect: undefined, applies: 'no' });
  });
});

describeWithVectors('cdk-assemblies', 'published cloud assemblies', (folder) => {
  it.each(readdirSync(folder).filter((name) => name !== 'README.md'))('%s: report and chain of everything', (name) => {
    const assembly = readAssembly(join(folder, name));
    expect(problems(assembly)).toEqual([]);
    for (const one of assembly.keys) {
      for (const action of ['kms:Decrypt', 'kms:PutKeyPolicy']) {
        for (const { decision, links } of explainAccess(assembly, one, action, () => true)) {
          expect(links.length).toBeGreaterThan(0);
          // Whatever is not plainly denied hinges on something that the chain shows.
          if (decision.verdict !== 'denied') expect(links.some(({ applies }) => applies !== 'no')).toBe(true);
        }
      }
    }
  });
});
