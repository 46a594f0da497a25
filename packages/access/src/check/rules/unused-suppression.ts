import { DELEGATION, key } from '../example.ts';
import type { Rule } from '../rule.ts';

const suppress = (EnableKeyRotation: boolean) => {
  const entry = { rule: 'rotation-disabled', reason: 'the key is made anew every month' };
  return key([DELEGATION], { EnableKeyRotation }, { Metadata: { keysmith: { suppress: [entry] } } });
};

/** What it finds is known only after all other rules: `checkAssembly` makes its findings. */
export const unusedSuppression: Rule = {
  id: 'unused-suppression',
  severity: 'warning',
  title: 'Suppression that suppresses nothing',
  why: 'What it was for is mended, renamed or expired. Left where it is, it would hide the next finding of its kind.',
  trap: 'Where only some rules are run, only their suppressions are asked. A suppression counts as unused from the day after its date on, and then suppresses nothing.',
  fix: 'Remove it, or correct its rule or path.',
  page: 'https://docs.aws.amazon.com/cdk/v2/guide/policy-validation-synthesis.html',
  bad: { resources: { Key: suppress(true) } },
  good: { resources: { Key: suppress(false) } },
  check: () => [],
};
