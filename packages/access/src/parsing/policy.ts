import { AccessError } from '../errors.ts';
import type { Policy, PolicyKind, Statement } from '../policy.ts';
import { type Findings, isObject, listOf, noteUnknown, shown } from './findings.ts';
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
 * @throws {AccessError} `MALFORMED_POLICY`, listing every mistake with its place.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function parsePolicy(json: unknown, source: PolicySource): Policy {
  const { policy, problems } = readPolicy(json, source);
  if (problems.length > 0) {
    throw new AccessError('MALFORMED_POLICY', `${source.name} is malformed: ${problems.join('; ')}`, problems);
  }
  return policy;
}

/** {@link parsePolicy} for a template: what is wrong becomes a part that cannot be read, and the rest is kept. */
export function readPolicy(
  json: unknown,
  source: PolicySource,
): { readonly policy: Policy; readonly problems: string[] } {
  const findings: Findings = { problems: [], unreadable: [] };
  const { version, statements } = readDocument(json, source.kind, findings);
  const unreadable = [...findings.unreadable, ...findings.problems];
  const policy = { ...source, version, statements, ...(unreadable.length > 0 && { unreadable }) };
  return { policy, problems: findings.problems };
}

function readDocument(json: unknown, kind: PolicyKind, findings: Findings): Pick<Policy, 'version' | 'statements'> {
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
  const statements = listOf(json['Statement']).flatMap((statement, position): Statement[] => {
    const read = readStatement(statement, position + 1, kind, findings);
    return read === undefined ? [] : [read];
  });
  return { version: typeof version === 'string' ? version : undefined, statements };
}
