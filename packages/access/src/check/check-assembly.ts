import { AccessError } from '../errors.ts';
import type { Assembly } from '../model.ts';
import type { Finding } from './finding.ts';
import type { Rule, Violation } from './rule.ts';
import { unusedSuppression } from './rules/unused-suppression.ts';
import { RULES } from './rules.ts';
import { type Applicable, ofApp, ofFile, type Suppression } from './suppressions.ts';

/** What to check, and what may stay. */
export interface CheckOptions {
  /** Ids of the rules to run. Default: all. */
  readonly rules?: readonly string[];
  /** From a file: see {@link parseSuppressions}. Those that the app declares itself are always heard. Default: none. */
  readonly suppressions?: readonly Suppression[];
  /** The day on which suppressions are asked, `YYYY-MM-DD`. Default: none expires. */
  readonly today?: string;
}

/**
 * What the rules have to say about an app: its keys, and every policy that speaks about KMS. What a template leaves open
 * is not reported. The order is that of the rules, then that of the assembly; equal input gives equal output.
 *
 * Findings that somebody has given a reason for are among them, with {@link Finding.suppressed} set.
 *
 * @throws {AccessError} `UNKNOWN_RULE`
 */
export function checkAssembly(assembly: Assembly, options: CheckOptions = {}): readonly Finding[] {
  const { rules: ids, suppressions = [], today } = options;
  const rules = rulesNamed(ids);
  const applicable = [
    ...assembly.suppressions.flatMap((declared) => ofApp(declared) ?? []),
    ...suppressions.map((suppression) => ofFile(suppression, today)),
  ];
  const used = new Set<Applicable>();
  const found = rules.flatMap((rule) => {
    return distinct(rule.check(assembly).map((violation) => findingOf(rule, violation)));
  });
  const findings = found.map((finding): Finding => {
    const by = applicable.filter(({ rule, covers }) => rule === finding.ruleId && covers(finding));
    for (const one of by) used.add(one);
    const [first] = by;
    return first === undefined ? finding : { ...finding, suppressed: { reason: first.reason, where: first.where } };
  });
  if (!rules.includes(unusedSuppression)) return findings;
  const asked = new Set(rules.map(({ id }) => id));
  const unused = applicable.filter((one) => !used.has(one) && (ids === undefined || asked.has(one.rule)));
  return [...findings, ...unused.map(unusedFinding)];
}

function rulesNamed(ids: readonly string[] | undefined): readonly Rule[] {
  if (ids === undefined) return RULES;
  const missing = ids.filter((id) => !RULES.some((rule) => rule.id === id));
  if (missing.length > 0) {
    const known = RULES.map(({ id }) => id).join(', ');
    const problems = missing.map((id) => `no rule "${id}"`);
    throw new AccessError('UNKNOWN_RULE', `${problems.join('; ')} (there are ${known})`, problems);
  }
  return RULES.filter(({ id }) => ids.includes(id));
}

function findingOf(rule: Rule, { at, message, policy, statement, severity, fix }: Violation): Finding {
  const { constructPath, logicalId, stack, source } = at;
  const policyPath = policy?.constructPath;
  return {
    ruleId: rule.id,
    severity: severity ?? rule.severity,
    message,
    constructPath,
    logicalId,
    stack,
    ...(source !== undefined && { source }),
    ...(policy !== undefined && { policy: policy.name }),
    ...(policyPath !== undefined && policyPath !== constructPath && { policyPath }),
    ...(statement !== undefined && { statement: statement.index }),
    fix: fix ?? rule.fix,
  };
}

/** A statement that hinges on conditions of the template is several, with one thing to say about all of them. */
function distinct(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.filter((finding) => {
    const { stack, logicalId, constructPath, policy, statement, message } = finding;
    const key = JSON.stringify([stack, logicalId, constructPath, policy, statement, message]);
    return !seen.has(key) && seen.add(key);
  });
}

function unusedFinding({ rule, where, at, expired }: Applicable): Finding {
  const known = RULES.some(({ id }) => id === rule);
  const why =
    expired !== undefined
      ? `has counted until ${expired}`
      : known
        ? 'suppresses nothing'
        : 'names a rule that does not exist';
  const message = `the suppression of ${rule} (${where}) ${why}`;
  return findingOf(unusedSuppression, { at, message });
}
