import { DELEGATION, key } from '../example.ts';
import type { Rule } from '../rule.ts';

const suppress = (entry: object) => {
  return key([DELEGATION], { EnableKeyRotation: false }, { Metadata: { keysmith: { suppress: [entry] } } });
};

export const invalidSuppression: Rule = {
  id: 'invalid-suppression',
  severity: 'error',
  title: 'Suppression without a rule or without a reason',
  why: 'A suppression takes a finding out of sight for good. Whoever reads it later has to see why.',
  trap: 'A suppression without a reason suppresses nothing.',
  fix: 'Give it a rule, from "keysmith check --list", and a reason.',
  page: 'https://docs.aws.amazon.com/cdk/v2/guide/policy-validation-synthesis.html',
  bad: { resources: { Key: suppress({ rule: 'rotation-disabled' }) } },
  good: { resources: { Key: suppress({ rule: 'rotation-disabled', reason: 'the key is made anew every month' }) } },
  check: ({ suppressions }) =>
    suppressions.flatMap(({ rule, reason, ...place }) => {
      const missing = rule === undefined ? 'a rule' : reason === undefined ? 'a reason' : undefined;
      if (missing === undefined) return [];
      return [{ at: place, message: `a suppression${rule === undefined ? '' : ` of ${rule}`} lacks ${missing}` }];
    }),
};
