import { type Finding, SEVERITIES } from './finding.ts';

/** The page of a rule. */
export function rulePage(id: string): string {
  return `https://github.com/cdk-keysmith/cdk-keysmith/blob/main/docs/rules/${id}.md`;
}

/** `statement 2 of key policy of Orders/Key`; undefined: the finding is about no policy. */
export function policyInWords({ policy, statement }: Pick<Finding, 'policy' | 'statement'>): string | undefined {
  return policy === undefined || statement === undefined ? policy : `statement ${statement} of ${policy}`;
}

/** What findings come to, e.g. `1 error, 2 warnings, 1 suppressed`; what is suppressed counts as nothing else. */
export function findingsInWords(findings: readonly Finding[]): string {
  const open = findings.filter(({ suppressed }) => suppressed === undefined);
  const counts = SEVERITIES.map((severity) => {
    const { length } = open.filter((one) => one.severity === severity);
    return length === 0 ? '' : `${length} ${severity}${length === 1 ? '' : 's'}`;
  });
  const kept = findings.length - open.length;
  const words = [open.length === 0 ? 'no findings' : '', ...counts, kept === 0 ? '' : `${kept} suppressed`];
  return words.filter((text) => text !== '').join(', ');
}
