import { AccessError } from '../errors.ts';
import type { Policy, PolicyKind, Statement } from '../policy.ts';
import { type Case, casesOfOutcome, itemsOf, together } from '../symbolic/cases.ts';
import type { Outcome } from '../symbolic/outcome.ts';
import type { TemplateCondition } from '../value.ts';
import { requireBounds } from './bounds.ts';
import { documentInText } from './document-text.ts';
import { type Findings, isObject, isValue, noteUnknown, shown } from './findings.ts';
import { readStatement } from './statement.ts';

/** How a policy is called, and what it is for. */
export interface PolicySource {
  /** {@link Policy.name} */
  readonly name: string;
  readonly kind: PolicyKind;
  readonly constructPath?: string;
}

const VERSIONS = ['2012-10-17', '2008-10-17'];
const MEMBERS = ['Version', 'Id', 'Statement'];

/**
 * Reads a policy document: JSON as `JSON.parse` gives it, or the resolved JSON of a template.
 *
 * Parts that only deployment knows are not mistakes: they are listed in {@link Policy.unreadable}.
 *
 * @throws {AccessError} `MALFORMED_POLICY`, listing every mistake with its place; `LIMIT_EXCEEDED` where it is nested too
 *   deeply, or too large.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function parsePolicy(json: unknown, source: PolicySource): Policy {
  requireBounds(json, source.name);
  const { policy, problems } = readCases(casesOfOutcome(json as Outcome), source);
  if (problems.length > 0) {
    throw new AccessError('MALFORMED_POLICY', `${source.name} is malformed: ${problems.join('; ')}`, problems);
  }
  return policy;
}

/** A policy of a template, and the mistakes in it. */
export interface ReadPolicy {
  readonly policy: Policy;
  readonly problems: readonly string[];
}

/**
 * {@link parsePolicy} for a template, in which a document may also be JSON in a text: what is wrong becomes a part that
 * cannot be read, and the rest is kept.
 */
export function readPolicy(json: Outcome, source: PolicySource): ReadPolicy {
  const documents = casesOfOutcome(json).map(({ value, when }) => {
    const document = isValue(value) ? (documentInText(value, source.name) ?? value) : value;
    return { value: document, when };
  });
  return readCases(documents, source);
}

function readCases(cases: readonly Case<Outcome>[], source: PolicySource): ReadPolicy {
  const findings: Findings = { problems: [], unreadable: [] };
  const documents = cases.map(({ value, when }) => readDocument(value, when, source.kind, findings));
  const [version, another] = new Set(documents.map((document) => document.version));
  if (another !== undefined) findings.unreadable.push('Version: it hinges on a condition of the template');
  const problems = [...new Set(findings.problems)];
  const unreadable = [...new Set([...findings.unreadable, ...problems])];
  const statements = documents.flatMap((document) => document.statements);
  return { policy: { ...source, version, statements, ...(unreadable.length > 0 && { unreadable }) }, problems };
}

/** A policy, each statement of which is there only if the conditions hold too. */
export function onlyUnder(policy: Policy, when: readonly TemplateCondition[]): Policy {
  if (when.length === 0) return policy;
  const statements = policy.statements.flatMap((statement) => {
    const onlyIf = together(when, statement.onlyIf ?? []);
    return onlyIf === undefined ? [] : [{ ...statement, onlyIf }];
  });
  return { ...policy, statements };
}

function readDocument(
  json: Outcome,
  when: readonly TemplateCondition[],
  kind: PolicyKind,
  findings: Findings,
): Pick<Policy, 'version' | 'statements'> {
  const nothing = { version: undefined, statements: [] };
  if (noteUnknown(json, 'the document', findings)) return nothing;
  if (!isObject(json)) {
    findings.problems.push(`the document must be an object with Version and Statement, not ${shown(json)}`);
    return nothing;
  }
  for (const member of Object.keys(json)) {
    if (!MEMBERS.includes(member))
      findings.problems.push(`unknown member ${shown(member)}: allowed are ${MEMBERS.join(', ')}`);
  }
  const version = json['Version'];
  const versionIsOpen = noteUnknown(version, 'Version', findings);
  if (!versionIsOpen && version !== undefined && !VERSIONS.includes(String(version))) {
    findings.problems.push(`Version must be ${VERSIONS.map(shown).join(' or ')}, not ${shown(version)}`);
  }
  if (json['Statement'] === undefined) findings.problems.push('Statement is missing');
  const items = itemsOf(json['Statement'] as Outcome);
  const statements = items.flatMap(({ value, position, ...item }): readonly Statement[] => {
    const all = together(when, item.when);
    return all === undefined ? [] : readStatement(value, all, position, kind, findings);
  });
  return { version: typeof version === 'string' ? version : undefined, statements };
}
