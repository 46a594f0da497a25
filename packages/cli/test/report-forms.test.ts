import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { keysmith } from './support/in-process.ts';

/* Every report, in every form that its command offers, of the same app. */

const ORDERS = join(__dirname, 'fixtures', 'orders');
const VAULT = join(__dirname, 'fixtures', 'vault');
/** Findings that may stay, and some that may not. */
const FINDINGS = join(__dirname, 'fixtures', 'findings', 'Orders.template.json');
const SCHEMAS = join(__dirname, '..', '..', 'access', 'schema');
const FORMS = ['json', 'markdown', 'html', 'sarif'] as const;

/** The command line of each report, and what its forms begin with. */
const REPORTS: Readonly<Record<string, { words: readonly string[]; markdown: RegExp; others?: readonly string[] }>> = {
  access: { words: ['access', ORDERS], markdown: /^## Access to KMS keys\n\n### `Orders\/Key`/, others: ['html'] },
  'who-can': {
    words: ['who-can', 'Decrypt', 'Orders/Key', '--app', ORDERS],
    markdown: /^## Who can use `kms:Decrypt` with `Orders\/Key`\n\n\| {2}\| Who \| Answer \|/,
  },
  why: {
    words: ['why', 'Reader', 'Decrypt', 'Orders/Key', '--app', ORDERS],
    markdown: /^## Why: `Orders\/Reader`, `kms:Decrypt`, `Orders\/Key`\n\nallowed if/,
  },
  diff: { words: ['diff', ORDERS, VAULT], markdown: /^### KMS access changes: 2 escalations, 1 replacement, 3 gained/ },
  check: {
    words: ['check', FINDINGS, '--fail-on', 'none'],
    markdown: /^### KMS checks: 1 error, 1 warning, 1 suppressed\n\n\| {2}\| Rule/,
    others: ['sarif'],
  },
};

const schemaOf = (name: string) => JSON.parse(readFileSync(join(SCHEMAS, `${name}.schema.json`), 'utf8'));
const schemas = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true });
for (const name of Object.keys(REPORTS)) schemas.addSchema(schemaOf(name), name);

describe.each(Object.entries(REPORTS))('keysmith %s', (name, { words, markdown, others = [] }) => {
  test('as JSON follows its published schema', async () => {
    const { code, stdout } = await keysmith([...words, '--format', 'json']);
    expect(code).toBe(0);
    expect([schemas.validate(name, JSON.parse(stdout)), schemas.errors]).toEqual([true, null]);
    expect(schemas.validate(name, {})).toBe(false);
  });

  test('as Markdown begins with what it is about', async () => {
    const { code, stdout } = await keysmith([...words, '--format', 'markdown']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(markdown) });
  });

  test('as text in a file does not depend on the terminal', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'keysmith-'));
    const written = async (columns: number) => {
      const output = join(folder, String(columns));
      expect(await keysmith([...words, '--output', output], columns)).toMatchObject({ code: 0, stdout: '' });
      return readFileSync(output, 'utf8');
    };
    const { stdout } = await keysmith(words, 100);
    expect([await written(72), await written(100)]).toEqual([stdout, stdout]);
    rmSync(folder, { recursive: true });
  });

  test('offers these forms, and no others', async () => {
    const [command = ''] = words;
    const { stdout } = await keysmith([command, '--help'], 100);
    const offered = /\(choices: ([^)]*?), default: *"text"\)/.exec(
      stdout.replace(/\s+/g, ' ').split('--format')[1] ?? '',
    );
    const has = (form: string) => offered?.[1]?.includes(`"${form}"`) ?? false;
    expect(FORMS.filter(has)).toEqual(FORMS.filter((form) => ['json', 'markdown', ...others].includes(form)));
  });
});

describe('of an app whose names are commands to a terminal', () => {
  const COMMANDS = '\u001b]8;;http://localhost\u0007\u009b31m\u202e\u2028\n';
  const NOT_SHOWN = /[^\P{Cc}\n]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'keysmith-'));
    const template = readFileSync(FINDINGS, 'utf8').replaceAll(
      'Orders/',
      `Orders${JSON.stringify(COMMANDS).slice(1, -1)}/`,
    );
    writeFileSync(join(folder, 'Orders.template.json'), template);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([
    ...['text', 'json', 'markdown', 'html'].map((form) => ['access', form, ['access', '$APP']] as const),
    ...['text', 'json', 'markdown', 'sarif'].map((form) => ['check', form, ['check', '$APP']] as const),
    ...['text', 'json', 'markdown'].flatMap((form) => [
      ['who-can', form, ['who-can', 'Decrypt', 'Key', '--app', '$APP']] as const,
      ['why', form, ['why', 'Reader', 'Decrypt', 'Key', '--app', '$APP']] as const,
      ['diff', form, ['diff', ORDERS, '$APP']] as const,
    ]),
  ])('%s as %s holds none of them', async (_name, form, words) => {
    const given = words.map((word) => (word === '$APP' ? join(folder, 'Orders.template.json') : word));
    const { stdout, stderr } = await keysmith([...given, '--format', form]);
    expect([NOT_SHOWN.exec(stdout)?.[0], stderr]).toEqual([undefined, '']);
    expect(stdout).toContain('localhost');
  });
});
