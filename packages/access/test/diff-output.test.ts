import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessDiff, accessMap, diffInWords, readTemplates, renderDiffMarkdown } from '@cdk-keysmith/access';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Json } from './support/ask.ts';
import { arnOf, keyResource, policyResource, roleResource } from './support/assembly.ts';

function appOf(resources: Json) {
  return readTemplates([{ name: 'App.json', text: JSON.stringify({ Resources: resources }) }]);
}

const use = (actions: unknown, more: Json = {}): Json => ({
  Effect: 'Allow',
  Action: actions,
  Resource: arnOf('Key'),
  ...more,
});
const tenant = (name: string): Json => ({ Condition: { StringEquals: { 'kms:EncryptionContext:tenant': name } } });

const before = appOf({
  Key: keyResource(),
  Old: { ...keyResource(), Metadata: { 'aws:cdk:path': 'App/Old/Resource' } },
  Writer: roleResource(),
  Reader: { ...roleResource(), Metadata: { 'aws:cdk:path': 'App/Reader/Resource' } },
  Policy: policyResource([use('kms:Decrypt', tenant('a'))], [{ Ref: 'Writer' }]),
});
const after = appOf({
  Key: keyResource(
    [
      { Effect: 'Deny', Principal: '*', Action: 'kms:PutKeyPolicy', Resource: '*' },
      {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::444455556666:role/R|x' },
        Action: 'kms:Decrypt',
        Resource: '*',
      },
      { Effect: 'Allow', Principal: { AWS: arnOf('Writer') }, Action: 'kms:Encrypt', Resource: '*' },
    ],
    { BypassPolicyLockoutSafetyCheck: true },
  ),
  Writer: roleResource({ RoleName: 'writer' }),
  Policy: policyResource([use('kms:Decrypt', tenant('<b>|@a')), use('kms:CreateGrant')], [{ Ref: 'Writer' }]),
});
const diff = accessDiff(before, after);

describe('the JSON of a difference', () => {
  const schema = JSON.parse(readFileSync(join(__dirname, '../schema/diff.schema.json'), 'utf8'));
  const validate = new Ajv2020({ allErrors: true, strict: true, strictRequired: false }).compile(schema);
  const errorsOf = (data: unknown) => (validate(data) ? [] : validate.errors);

  it('is what the schema describes', () => {
    expect(errorsOf(JSON.parse(JSON.stringify(diff)))).toEqual([]);
    expect(errorsOf(JSON.parse(JSON.stringify(accessDiff(before, before))))).toEqual([]);
    // Every list has something in it, so that the schema has been asked about all of them.
    const { version: _version, ...lists } = diff;
    for (const [name, list] of Object.entries(lists)) expect([name, list.length]).not.toEqual([name, 0]);
  });

  it('is not what the schema describes when a member is missing, of another kind, or nobody knows it', () => {
    const { alerts: _alerts, ...rest } = diff;
    expect(errorsOf(rest)).not.toEqual([]);
    expect(errorsOf({ ...diff, version: 2 })).not.toEqual([]);
    expect(errorsOf({ ...diff, more: [] })).not.toEqual([]);
    expect(errorsOf({ ...diff, changes: diff.changes.map((one) => ({ ...one, change: 'other' })) })).not.toEqual([]);
  });

  it('is the same text each time', () => {
    expect(JSON.stringify(accessDiff(before, after))).toBe(JSON.stringify(diff));
  });
});

describe('the Markdown of a difference', () => {
  const text = renderDiffMarkdown(diff, accessMap(after));

  it('begins with the sum, and with lockouts before escalations before replacements', () => {
    expect(text.split('\n')[0]).toBe(`### KMS access changes: ${diffInWords(diff)}`);
    const at = ['Lockout', 'Escalation', 'Replacement', '| Who |', '- key removed', 'Not decided', '<details>'].map(
      (word) => text.indexOf(word),
    );
    expect(at).toEqual([...at].sort((a, b) => a - b));
    expect(at).not.toContain(-1);
  });

  it('lets no name of a template become Markdown or HTML', () => {
    expect(text).not.toContain('<b>');
    expect(text).not.toContain('@a');
    const rows = text.split('\n').filter((line) => line.startsWith('| ') && line.includes('App/Key'));
    expect(rows.length).toBeGreaterThan(1);
    for (const row of rows) expect(row.split('|').length).toBe(7);
  });

  it('folds the whole map, and leaves it out where none is given', () => {
    expect(text).toContain('<summary>All access after the change</summary>');
    expect(text).toContain('create grants: allowed');
    expect(renderDiffMarkdown(diff)).not.toContain('<details>');
    expect(renderDiffMarkdown(accessDiff(before, before))).toBe('### KMS access changes: no change\n');
  });

  it('is the same text each time', () => {
    expect(renderDiffMarkdown(accessDiff(before, after), accessMap(after))).toBe(text);
  });
});
