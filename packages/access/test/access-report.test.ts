import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Assembly,
  accessMap,
  accessReport,
  answersReport,
  explainAccess,
  explanationReport,
  kmsActionNamed,
  readAssembly,
  renderAccessMarkdown,
  renderAnswersMarkdown,
  renderExplanationMarkdown,
  whoCan,
} from '@cdk-keysmith/access';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { appOf, arnOf, keyResource, policyResource, removeFolders, roleResource } from './support/assembly.ts';
import { describeWithVectors } from './support/vectors.ts';

afterAll(removeFolders);

const schemaOf = (name: string) => {
  return JSON.parse(readFileSync(join(__dirname, '..', 'schema', `${name}.schema.json`), 'utf8'));
};
const schemas = new Ajv2020({ strict: true, strictRequired: false });
const validators = {
  access: schemas.compile(schemaOf('access')),
  whoCan: schemas.compile(schemaOf('who-can')),
  why: schemas.compile(schemaOf('why')),
};
const validate = validators.access;

/** What a schema has against some data, as it is after it was written and read. */
function errorsOf(name: keyof typeof validators, data: unknown): unknown {
  return validators[name](JSON.parse(JSON.stringify(data))) ? [] : validators[name].errors;
}

function problems(assembly: Assembly): unknown {
  return errorsOf('access', accessReport(accessMap(assembly)));
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

  it('of a cell without its decision is refused by the schema', () => {
    const report = JSON.parse(JSON.stringify(accessReport(accessMap(app))));
    delete report.keys[0].principals[0].access[0].verdict;
    expect(errorsOf('access', report)).not.toEqual([]);
    expect(JSON.stringify(errorsOf('access', report))).toContain('verdict');
  });

  it('as Markdown has one cell for each column, whatever names hold', () => {
    const text = renderAccessMarkdown(accessMap(app));
    const rows = text.split('\n').filter((line) => line.startsWith('| '));
    expect(rows.length).toBeGreaterThan(2);
    for (const row of rows) expect(row.split('|')).toHaveLength(7);
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

describe('who can, in its forms', () => {
  const report = (action: string) => answersReport(key, action, whoCan(app, key, action));
  const text = renderAnswersMarkdown(key, 'kms:Decrypt', whoCan(app, key, 'kms:Decrypt'));

  it('is as its schema says', () => {
    for (const action of ['kms:Decrypt', 'kms:PutKeyPolicy']) expect(errorsOf('whoCan', report(action))).toEqual([]);
    const { principals, ...rest } = report('kms:Decrypt');
    expect(principals.map(({ verdict }) => verdict)).toContain('allowed-if');
    expect(errorsOf('whoCan', { ...rest, principals: principals.map(({ verdict: _, ...one }) => one) })).not.toEqual(
      [],
    );
    expect(errorsOf('whoCan', { ...rest, principals: principals.map(({ name: _, ...one }) => one) })).not.toEqual([]);
  });

  it('has in Markdown a row for everybody who may, and counts the others', () => {
    expect(text).toContain('## Who can use `kms:Decrypt` with `App/Key`');
    expect(text).toContain('| principals of the app | `App/Fn` | allowed if encryption context "tenant" is "acme"');
    expect(text).toContain('| AWS services | `sns.amazonaws.com` | allowed if ');
    for (const row of text.split('\n').filter((line) => line.startsWith('| '))) expect(row.split('|')).toHaveLength(5);
    const none = renderAnswersMarkdown(key, 'kms:Sign', []);
    expect(none).toContain('Nobody.');
    const encrypting = renderAnswersMarkdown(key, 'kms:Encrypt', whoCan(app, key, 'kms:Encrypt'));
    expect(encrypting).toContain('Denied to 2 more of 3.');
  });
});

describe('why, in its forms', () => {
  const explained = ['kms:Decrypt', 'kms:Encrypt'].flatMap((action) => explainAccess(app, key, action, () => true));

  it('is as its schema says', () => {
    for (const one of explained) expect(errorsOf('why', explanationReport(one))).toEqual([]);
    const [first] = explained.map(explanationReport);
    for (const wrong of [{ verdict: undefined }, { principal: {} }, { links: [{ layer: 'no layer' }] }]) {
      expect(errorsOf('why', { ...first, ...wrong })).not.toEqual([]);
    }
  });

  it('has in Markdown the decision, and a row for each link with its place', () => {
    const [one] = explained.filter(({ grantee }) => isReader(grantee));
    if (one === undefined) throw new Error('the reader is explained');
    const lines = renderExplanationMarkdown(one).split('\n');
    expect(lines[0]).toBe('## Why: `App/Fn`, `kms:Decrypt`, `App/Key`');
    expect(lines[2]).toMatch(/^allowed if encryption context "tenant" is "acme"/);
    const rows = lines.filter((line) => line.startsWith('| ')).slice(2);
    expect(rows).toHaveLength(one.links.length);
    expect(rows[1]).toMatch(/^\| ✔ \| key policy \| statement 1 .* \| `App\/Key/);
    for (const row of rows) expect(row.split('|')).toHaveLength(6);
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
        expect(errorsOf('whoCan', answersReport(one, action, whoCan(assembly, one, action)))).toEqual([]);
        for (const explanation of explainAccess(assembly, one, action, () => true)) {
          const { decision, links } = explanation;
          expect(errorsOf('why', explanationReport(explanation))).toEqual([]);
          expect(links.length).toBeGreaterThan(0);
          // Whatever is not plainly denied hinges on something that the chain shows.
          if (decision.verdict !== 'denied') expect(links.some(({ applies }) => applies !== 'no')).toBe(true);
        }
      }
    }
  });
});
