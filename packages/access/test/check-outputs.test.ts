import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  checkAssembly,
  findingsAsSarif,
  findingsReport,
  parseSuppressions,
  renderFindingsMarkdown,
} from '@cdk-keysmith/access';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Json } from './support/ask.ts';
import { appOf, keyResource, policyResource, removeFolders, roleResource } from './support/assembly.ts';

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

describe('the URI of a file in SARIF', () => {
  const [finding] = checkAssembly(app);
  const uriOf = (file: string, root?: string): string => {
    const source = { file, line: 1 };
    const log = findingsAsSarif(
      finding === undefined ? [] : [{ ...finding, source }],
      root === undefined ? {} : { root },
    );
    return /"artifactLocation":{"uri":"([^"]*)"/.exec(JSON.stringify(log))?.[1] ?? '';
  };

  it.each([
    'C#/what?.json',
    'a:b.json',
    'a b/100%.json',
    'é/日本.json',
    'back\\slash.json',
    'new\nline.json',
    "it's+&;=,@$.json",
  ])('leads to %j from its root, and without one', (name) => {
    const root = join(tmpdir(), 'r#?');
    const file = `${root}/${name}`;
    const base = pathToFileURL(`${root}/`);
    expect(fileURLToPath(new URL(uriOf(file, root), base))).toBe(file);
    expect(fileURLToPath(uriOf(file))).toBe(file);
    expect(fileURLToPath(uriOf(file, join(tmpdir(), 'r')))).toBe(file);
  });

  it.each([
    ['C:\\apps\\C#\\a.json', 'C:\\apps', 'C%23/a.json'],
    ['C:\\apps\\C#\\a.json', undefined, 'file:///C:/apps/C%23/a.json'],
    ['\\\\host\\share\\a b.json', undefined, 'file://host/share/a%20b.json'],
    ['/a.json', '/', 'a.json'],
  ])('of %s under %s is %s', (file, root, uri) => expect(uriOf(file, root)).toBe(uri));
});

describe('findings as JSON', () => {
  const schema = JSON.parse(readFileSync(join(__dirname, '../schema/check.schema.json'), 'utf8'));
  const validate = new Ajv2020({ allErrors: true, strict: true, strictRequired: false }).compile(schema);
  const errorsOf = (data: unknown) => (validate(JSON.parse(JSON.stringify(data))) ? [] : validate.errors);
  const report = findingsReport(checkAssembly(app, suppressed()));

  it('are what the schema describes, suppressed ones and those about suppressions too', () => {
    expect(report.findings.some(({ suppressed: by }) => by !== undefined)).toBe(true);
    expect(report.findings.some(({ source, statement }) => source !== undefined && statement !== undefined)).toBe(true);
    expect(errorsOf(report)).toEqual([]);
    expect(errorsOf(findingsReport(checkAssembly(app, { ...suppressed('2026-06-30'), today: '2026-07-01' })))).toEqual(
      [],
    );
    expect(errorsOf(findingsReport([]))).toEqual([]);
  });

  it('are not when a member is missing, of another kind, or nobody knows it', () => {
    const [first] = report.findings;
    for (const wrong of [{ severity: 'fatal' }, { fix: undefined }, { message: '' }, { statement: 0 }, { more: 1 }]) {
      expect(errorsOf({ ...report, findings: [{ ...first, ...wrong }] })).not.toEqual([]);
    }
    expect(errorsOf({ ...report, version: 2 })).not.toEqual([]);
  });
});

describe('findings as Markdown', () => {
  const hostile = appOf({ Key: { ...keyResource([everyone]), Metadata: { 'aws:cdk:path': 'App/<b>|@a`/Resource' } } });

  it('begin with what they come to, the gravest first, and fold what is suppressed, with its reason', () => {
    const open = renderFindingsMarkdown(checkAssembly(app));
    expect(open.split('\n')[0]).toMatch(/^### KMS checks: 1 error, \d warnings?/);
    expect(open.split('\n')[4]).toMatch(/^\| ❌ error \| \[`wildcard-principal`\]\(https:.*\) \| `App\/Key/);
    expect(open).not.toContain('<details>');
    const kept = renderFindingsMarkdown(checkAssembly(app, suppressed()));
    expect(kept).toContain('<summary>1 suppressed</summary>');
    expect(kept).toContain('a trial<br>keysmith-suppressions.json:1');
    expect(kept).not.toContain('❌');
  });

  it('let no name of a template become Markdown or HTML, and have a cell for each column', () => {
    const text = renderFindingsMarkdown(checkAssembly(hostile));
    expect(text).not.toMatch(/<b>|@a/);
    const rows = text.split('\n').filter((line) => line.startsWith('| ') && line.includes('wildcard-principal'));
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row.split('|')).toHaveLength(7);
  });

  it('are one line where there is nothing to tell', () => {
    expect(renderFindingsMarkdown([])).toBe('### KMS checks: no findings\n');
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

  it.each(['Role', 'Policy'])('in the metadata of %s cover what its IAM policy says', (where) => {
    const suppress = { keysmith: { suppress: { rule: 'decrypt-on-all-keys', reason: 'a trial' } } };
    const named = (name: string, resource: Json) => ({
      ...resource,
      Metadata: { 'aws:cdk:path': `App/${name}/Resource`, ...(name === where && suppress) },
    });
    const findings = checkAssembly(
      appOf({
        Role: named('Role', roleResource()),
        Policy: named(
          'Policy',
          policyResource([{ Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*' }], [{ Ref: 'Role' }]),
        ),
      }),
    );
    expect(findings).toMatchObject([
      {
        ruleId: 'decrypt-on-all-keys',
        constructPath: 'App/Role',
        policyPath: 'App/Policy',
        suppressed: { reason: 'a trial', where: `metadata of App/${where}` },
      },
    ]);
  });

  it.each([
    ['suppressions: [{ rule: no-such, path: a, reason: b }]', 'no rule "no-such"'],
    ['suppressions: [{ rule: key-disabled, path: a }]', 'reason is missing'],
    ['suppressions: [{ rule: key-disabled, path: a, reason: b, until: 2026-13-01 }]', 'until must be a day'],
    ['rules: []', 'a list "suppressions"'],
    ['suppressions: [{ rule: 1, path: [a], reason: " " }]', 'rule must be a text; line 1: path must be a text'],
    ['suppressions:\n- { rule: key-disabled, path: a,\n  reason: b, path: c }', 'line 2: path is there twice'],
    ['suppressions: []\nsuppressions: [a]', '"suppressions" is there twice'],
    [
      'suppressions: [{ rule: &r key-disabled, path: a, reason: b }, { rule: *r, path: a, reason: b }]',
      'alias of YAML',
    ],
    ['suppressions: [\n{ a: ]', 's.yaml: line 2: '],
    [`suppressions: ${'['.repeat(300)}`, 'more than 200 levels'],
    ['suppressions: []\n---\na: b', 'line 2: a second document begins here'],
  ])('of a wrong file are told: %s', (text, expected) => {
    expect(() => parseSuppressions(text, 's.yaml')).toThrow(expected);
  });
});

describe('a file of suppressions that means harm', () => {
  const told = (text: string): string => {
    try {
      parseSuppressions(text, 's.yaml');
    } catch (error) {
      return String(error);
    }
    throw new Error('it was taken');
  };

  it('is told of twenty mistakes, and how many more there are', () => {
    const text = told(`suppressions: [${'{},'.repeat(1_000)}]`);
    expect(text.match(/rule is missing/g)).toHaveLength(7);
    expect(text).toMatch(/; and 2980 more$/);
    expect(told('%'.repeat(1_000)).length).toBeLessThan(5_000);
  });
});

it('refuses a rule that does not exist, and names those that do', () => {
  expect(() => checkAssembly(app, { rules: ['nothing'] })).toThrow(/no rule "nothing".*key-policy-lockout/);
});
