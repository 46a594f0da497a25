import { join } from 'node:path';
import { givesNewAccess, type Policy, parsePolicy } from '@cdk-keysmith/access';
import { describeWithVectors, readJson } from './support/vectors.ts';

interface Pair {
  readonly source: string;
  readonly policyType: 'IDENTITY_POLICY' | 'RESOURCE_POLICY';
  readonly existing: unknown;
  readonly new: unknown;
  readonly expected: 'PASS' | 'FAIL';
  readonly note: string;
}

/** AWS's texts leave the account out of the existing policy: it is the one that the new policy names. */
function withAccount(json: unknown, account: string): unknown {
  return JSON.parse(JSON.stringify(json).replaceAll('<ACCOUNT ID>', account));
}

function policyOf(json: unknown, name: string, { policyType, source }: Pair): Policy {
  const kind = policyType === 'IDENTITY_POLICY' ? 'identity' : source.includes('trust') ? 'trust' : 'key';
  return parsePolicy(json, { name, kind });
}

describeWithVectors('policy', "AWS's own verdicts on new access", (folder) => {
  const { count, pairs } = readJson<{ count: number; pairs: Pair[] }>(join(folder, 'check-no-new-access.json'));

  it('are all there', () => expect(pairs).toHaveLength(count));

  it.each(pairs.map((pair, index) => [index, pair.source.split('/').at(-1), pair.note, pair] as const))(
    '%s: %s: %s',
    (_index, _source, _note, pair) => {
      const account = /arn:aws:iam::(\d{12})/.exec(JSON.stringify(pair.new))?.[1] ?? '';
      const before = policyOf(withAccount(pair.existing, account), 'the existing policy', pair);
      const { verdict, access, reasons } = givesNewAccess(before, policyOf(pair.new, 'the new policy', pair));
      expect({ verdict, access: access.map(({ text }) => text), reasons }).toMatchObject({
        verdict: pair.expected === 'PASS' ? 'no' : 'yes',
      });
    },
  );
});
