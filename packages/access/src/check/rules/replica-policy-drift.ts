import type { KeyModel } from '../../model.ts';
import type { Statement } from '../../policy.ts';
import { inWords, isSymbolic } from '../../symbolic/text.ts';
import { allow, DELEGATION, document, KEY_ARN, key } from '../example.ts';
import type { Rule, Violation } from '../rule.ts';

const READER = { AWS: 'arn:aws:iam::111122223333:role/Reader' };
const replica = (statements: Parameters<typeof document>[0]) => ({
  Type: 'AWS::KMS::ReplicaKey',
  Properties: { PrimaryKeyArn: KEY_ARN, KeyPolicy: document(statements) },
});
const primary = key([DELEGATION, allow(READER, 'kms:Decrypt')], { MultiRegion: true });

export const replicaPolicyDrift: Rule = {
  id: 'replica-policy-drift',
  severity: 'warning',
  title: 'Replica key with another key policy than its primary key',
  why: 'Replicas have the same key material and key policies of their own, which KMS does not keep in step: who is let in by one of them can read what all of them encrypted.',
  trap: 'The order of statements, Sids and the Regions of the keys take no part. A replica of a key of elsewhere is not compared, nor is a policy of which a part cannot be read.',
  fix: 'Give primary and replica keys one policy, or suppress with the reason for the difference.',
  page: 'https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html',
  bad: { resources: { Key: primary, Replica: replica([DELEGATION]) } },
  good: { resources: { Key: primary, Replica: replica([DELEGATION, allow(READER, 'kms:Decrypt')]) } },
  check: ({ keys }) => keys.flatMap(violations),
};

function violations(at: KeyModel): readonly Violation[] {
  const one = at.replicaOf?.primary;
  if (one === undefined || [at, one].some(({ keyPolicy }) => keyPolicy.unreadable !== undefined)) return [];
  const [own, others] = [new Set(textsOf(at)), new Set(textsOf(one))];
  const more = [...own].filter((text) => !others.has(text)).length;
  const less = [...others].filter((text) => !own.has(text)).length;
  if (more + less === 0) return [];
  const message = `the key policy differs from that of the primary key ${one.constructPath}: it has ${counted(more)} that the other lacks, and lacks ${counted(less)}`;
  return [{ at, policy: at.keyPolicy, message }];
}

function counted(statements: number): string {
  return statements === 1 ? '1 statement' : `${statements} statements`;
}

/** Statements as text, with lists in order, and without what differs between keys of one meaning. */
function textsOf({ keyPolicy, region, arn }: KeyModel): readonly string[] {
  const own = inWords(arn);
  const here = inWords(region);
  return keyPolicy.statements.map(({ index: _index, sid: _sid, ...statement }: Statement) =>
    JSON.stringify(statement, (_name, value: unknown) => {
      if (Array.isArray(value)) return value.map((item) => plain(item)).sort();
      return plain(value);
    })
      .replaceAll(own, '<key>')
      .replaceAll(here, '<region>'),
  );
}

function plain(value: unknown): unknown {
  return isSymbolic(value) ? inWords(value) : typeof value === 'object' && value !== null ? sorted(value) : value;
}

function sorted(object: object): object {
  if (Array.isArray(object)) return object;
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
