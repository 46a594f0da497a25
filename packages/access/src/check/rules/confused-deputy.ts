import { usesKey } from '../actions.ts';
import { limitsSource } from '../conditions.ts';
import { allow, DELEGATION, key } from '../example.ts';
import { listed, namedIn } from '../named.ts';
import type { Rule, Violation } from '../rule.ts';
import { type SilentUse, silentUseOf } from '../silent-uses.ts';
import { allowsOfKeys } from '../statements.ts';

const SNS = { Service: 'sns.amazonaws.com' };
const ACTIONS = ['kms:GenerateDataKey*', 'kms:Decrypt'];

export const confusedDeputy: Rule = {
  id: 'confused-deputy',
  severity: 'warning',
  title: 'Service that may use the key for anybody',
  why: 'An AWS service works for every account. Without a condition on whom it acts for, somebody else can have it use this key.',
  trap: 'CloudWatch Logs says whom it acts for by the encryption context aws:logs:arn, which counts as well as aws:SourceArn, aws:SourceAccount, aws:SourceOrgID and kms:CallerAccount. IfExists does not: it holds where the service says nothing. Where a service is documented to send none of them for one of its uses (EventBridge that publishes to an encrypted SNS topic, event data stores of CloudTrail), a statement for it alone is a note, since only its author knows whether it is for that use. Statements without use of the key, such as kms:DescribeKey alone, are left alone.',
  fix: 'Add aws:SourceArn or aws:SourceAccount with fixed values, as the documentation of the service shows.',
  page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html',
  bad: { resources: { Key: key([DELEGATION, allow(SNS, ACTIONS)]) } },
  good: {
    resources: {
      Key: key([DELEGATION, allow(SNS, ACTIONS, { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } })]),
    },
  },
  check: (assembly) =>
    allowsOfKeys(assembly).flatMap((place) => {
      const services = namedIn(place.statement.principals).filter(({ type }) => type === 'Service');
      if (services.length === 0 || !usesKey(place.statement)) return [];
      const { limited, weak } = limitsSource(place.statement);
      if (limited) return [];
      const who = listed(services.map(({ value }) => value));
      const nearly = weak.length === 0 ? '' : `: ${weak.join(', ')} does not hold it to fixed values`;
      const violation = { ...place, message: `${who} may use the key for anybody${nearly}` };
      const silent = services.flatMap(({ value }) => silentUseOf(value) ?? []);
      return [silent.length < services.length ? violation : { ...violation, ...mayBeFor(silent) }];
    }),
};

/** What to do where the key may be for uses that no condition can be put on. */
function mayBeFor(uses: readonly SilentUse[]): Pick<Violation, 'severity' | 'fix'> {
  const what = listed(uses.map(({ use }) => use));
  const pages = [...new Set(uses.map(({ page }) => page))].join(', ');
  const fix = `If the key is for ${what}, which sends neither aws:SourceArn nor aws:SourceAccount (${pages}), suppress this with that reason; otherwise add one of them with fixed values.`;
  return { severity: 'note', fix };
}
