import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Assembly, checkAssembly, RULES, readAssembly, readTemplates, SEVERITIES } from '@cdk-keysmith/access';
import { describeWithVectors, readJson } from './support/vectors.ts';

/** What the rules find in each app, as `rule severity` with a count, and nothing else. */
const FOUND: Readonly<Record<string, readonly string[]>> = {
  'cfts3-cmk-provided-as-bucket-prop': ['key-deleted-with-stack warning 1'],
  // EventBridge may use the keys without a condition, for a topic that allows none, and for a queue that would allow one.
  'evtsns-exist-bus': ['confused-deputy note 1'],
  'evtsqs-rule-dlq': ['confused-deputy note 1'],
  'facsqs-existing-key': ['key-deleted-with-stack warning 1'],
  'iotsqs-with-existing-key': [],
  'lamply-custom-encryption': [],
  'lamsag-deployFunction': [],
  'lamsqs-useCmk': ['key-deleted-with-stack warning 1'],
  // S3 may use the keys of topic and queue without a condition.
  's3sns-existingSnsTopic': ['confused-deputy warning 1'],
  's3sqs-noArguments': ['confused-deputy warning 1'],
  'snssqs-rawMessageDelivery': ['key-deleted-with-stack warning 3'],
  'snssqs-sqs-managed-key': ['key-deleted-with-stack warning 1'],
};

/** The findings of an app, after a look at each: it says which rule, how grave, where, what, and what to do. */
function foundIn(assembly: Assembly): readonly string[] {
  const counts = new Map<string, number>();
  for (const { ruleId, severity, constructPath, logicalId, stack, source, message, fix } of checkAssembly(assembly)) {
    expect(RULES.map(({ id }) => id)).toContain(ruleId);
    expect(SEVERITIES).toContain(severity);
    for (const text of [constructPath, logicalId, stack, source?.file]) expect(text).toMatch(/./);
    expect(source?.line).toBeGreaterThan(0);
    // Sentences, without anything that is no text.
    for (const text of [message, fix]) expect(text).toMatch(/^(?!.*(undefined|\[object|NaN)).{10,}$/s);
    const kind = `${ruleId} ${severity}`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => `${kind} ${count}`);
}

describeWithVectors('cdk-assemblies', 'the rules on published cloud assemblies', (folder) => {
  const names = readdirSync(folder).filter((name) => name !== 'README.md');

  it('are asked of all of them', () => expect(names).toEqual(Object.keys(FOUND)));

  it.each(names)('%s: find what a reader of the template finds', (name) => {
    expect(foundIn(readAssembly(join(folder, name)))).toEqual(FOUND[name]);
  });
});

describeWithVectors('policy', 'the rules on key policies that AWS documents', (folder) => {
  const { vectors } = readJson<{ vectors: { keyPolicy?: unknown }[] }>(join(folder, 'kms-authorization.json'));
  const policies = new Set(vectors.flatMap(({ keyPolicy }) => (keyPolicy ? [JSON.stringify(keyPolicy)] : [])));

  it('find nothing that cannot be told of a place, and none that is malformed', () => {
    const Resources = Object.fromEntries(
      [...policies].map((policy, index) => {
        return [`Key${index}`, { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: JSON.parse(policy) } }];
      }),
    );
    const assembly = readTemplates([{ name: 'Documented.json', text: JSON.stringify({ Resources }) }]);
    expect(assembly.keys.length).toBeGreaterThan(20);
    expect(assembly.keys.flatMap(({ problems }) => problems)).toEqual([]);
    expect(foundIn(assembly).length).toBeGreaterThan(0);
  });
});
