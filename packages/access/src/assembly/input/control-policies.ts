import { dirname, resolve } from 'node:path';
import { AccessError } from '../../errors.ts';
import { LIMITS, within } from '../../limits.ts';
import type { ControlPolicyModel } from '../../model.ts';
import { isObject, type Json, shown } from '../../parsing/findings.ts';
import { readPolicy } from '../../parsing/policy.ts';
import type { Policy } from '../../policy.ts';
import type { Outcome } from '../../symbolic/outcome.ts';
import { readText, stringAt } from './files.ts';
import { readJsonText } from './json-text.ts';

/** What the files beside an app say of its organization. */
export interface ControlPolicies {
  readonly serviceControlPolicies: readonly ControlPolicyModel[];
  readonly resourceControlPolicies: readonly ControlPolicyModel[];
}

/** Types as AWS Organizations calls them. */
const KINDS = {
  SERVICE_CONTROL_POLICY: 'service-control',
  RESOURCE_CONTROL_POLICY: 'resource-control',
} as const;

/** Policies of AWS Organizations that a list may name without their text. */
const OF_AWS: Readonly<Record<string, Outcome>> = {
  FullAWSAccess: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
  RCPFullAWSAccess: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
  },
};

const MEMBERS = ['level', 'target', 'type', 'name', 'accounts', 'document', 'file'];

/**
 * Reads service and resource control policies, which no template holds. A file is either of these:
 *
 * - A policy document. It is a resource control policy if its statements have `Principal`. It counts as attached at a
 *   level of its own to every account; where a service control policy only denies, AWS's `FullAWSAccess` is taken to be
 *   attached beside it, as it is by default.
 * - A list of `{ "level": 1, "target": "root", "type": "SERVICE_CONTROL_POLICY", "name": "…", "document": {…} }`, with
 *   `"type": "RESOURCE_CONTROL_POLICY"` for those. Levels are counted from the root; at every level one policy must
 *   allow. `"file": "deny.json"`, relative to the list, may stand for `document`; `FullAWSAccess` needs neither.
 *   `"accounts": ["111122223333"]` says for which accounts it counts; left out: for all.
 *
 * @throws {AccessError} `MALFORMED_POLICY`, listing every mistake with its place, `FILE_TOO_LARGE` or `LIMIT_EXCEEDED`
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
 */
export function readControlPolicies(files: readonly string[]): ControlPolicies {
  const problems: string[] = [];
  let plain = 0;
  const found = files.flatMap((name): readonly ControlPolicyModel[] => {
    const file = resolve(name);
    const json = readJson(file);
    if (!Array.isArray(json)) return documentOf(json, file, ++plain, problems);
    within(LIMITS.templates, json.length, file);
    return json.flatMap((entry, index) => entryOf(entry, `${file}, entry ${index + 1}`, dirname(file), problems));
  });
  if (problems.length > 0) {
    throw new AccessError('MALFORMED_POLICY', `control policies are malformed: ${problems.join('; ')}`, problems);
  }
  const ofKind = (kind: Policy['kind']) => {
    return found.filter(({ policy }) => policy.kind === kind).sort((a, b) => a.level - b.level);
  };
  return { serviceControlPolicies: ofKind('service-control'), resourceControlPolicies: ofKind('resource-control') };
}

function readJson(file: string): unknown {
  const text = readText(file, 'MALFORMED_POLICY', LIMITS.jsonBytes);
  try {
    return readJsonText(text, file).json;
  } catch (cause) {
    if (!(cause instanceof AccessError) || cause.code !== 'MALFORMED_TEMPLATE') throw cause;
    throw new AccessError('MALFORMED_POLICY', cause.message, [], { cause });
  }
}

function documentOf(json: unknown, file: string, level: number, problems: string[]): readonly ControlPolicyModel[] {
  const statements = isObject(json) ? json['Statement'] : undefined;
  const list: readonly unknown[] = Array.isArray(statements) ? statements : [statements];
  const isAbout = list.some(
    (statement) => isObject(statement) && ('Principal' in statement || 'NotPrincipal' in statement),
  );
  const kind = isAbout ? 'resource-control' : 'service-control';
  const place = { level, target: 'every account' };
  const policy = policyOf(json, `${kindInWords(kind)} ${file}`, kind, file, problems);
  const onlyDenies = policy.statements.every(({ effect }) => effect === 'Deny');
  const beside = kind === 'service-control' && onlyDenies ? [{ ...place, policy: fullAccess(kind) }] : [];
  return [{ ...place, policy }, ...beside];
}

function entryOf(json: unknown, at: string, directory: string, problems: string[]): readonly ControlPolicyModel[] {
  if (!isObject(json)) {
    problems.push(`${at} must be an object, not ${shown(json)}`);
    return [];
  }
  for (const member of Object.keys(json)) {
    if (!MEMBERS.includes(member))
      problems.push(`${at}: unknown member ${shown(member)}: allowed are ${MEMBERS.join(', ')}`);
  }
  const { level, accounts } = json;
  const isLevel = typeof level === 'number' && Number.isInteger(level) && level > 0;
  if (!isLevel)
    problems.push(`${at}: level must be a whole number, 1 for the root of the organization, not ${shown(level)}`);
  const type = stringAt(json, 'type') ?? '';
  const kind = Object.hasOwn(KINDS, type) ? KINDS[type as keyof typeof KINDS] : undefined;
  if (kind === undefined) {
    problems.push(`${at}: type must be ${Object.keys(KINDS).map(shown).join(' or ')}, not ${shown(json['type'])}`);
  }
  const isList = Array.isArray(accounts) && accounts.every((one) => typeof one === 'string' && /^\d{12}$/.test(one));
  if (accounts !== undefined && !isList) {
    problems.push(`${at}: accounts must be a list of strings of twelve digits, not ${shown(accounts)}`);
  }
  const document = documentIn(json, at, directory, problems);
  if (!isLevel || kind === undefined || document === undefined) return [];
  const target = stringAt(json, 'target') ?? `level ${level}`;
  const name = `${kindInWords(kind)} ${stringAt(json, 'name') ?? stringAt(json, 'file') ?? ''} of ${target}`;
  const policy = policyOf(document, name.replace('  ', ' '), kind, at, problems);
  return [{ level, target, ...(isList && { accounts: accounts as readonly string[] }), policy }];
}

/** The text of an entry: its own, that of a file, or that of a policy of AWS that it names. */
function documentIn(json: Json, at: string, directory: string, problems: string[]): unknown {
  const [file, name] = [stringAt(json, 'file'), stringAt(json, 'name') ?? ''];
  if (json['document'] !== undefined) return json['document'];
  if (file !== undefined) return readJson(resolve(directory, file));
  if (Object.hasOwn(OF_AWS, name)) return OF_AWS[name];
  problems.push(`${at}: document or file is missing; only ${Object.keys(OF_AWS).join(' and ')} are known by name`);
  return undefined;
}

function policyOf(json: unknown, name: string, kind: Policy['kind'], at: string, problems: string[]): Policy {
  const read = readPolicy(json as Outcome, { name, kind });
  problems.push(...read.problems.map((problem) => `${at}: ${problem}`));
  return read.policy;
}

function fullAccess(kind: Policy['kind']): Policy {
  return readPolicy(OF_AWS['FullAWSAccess'], { name: 'service control policy FullAWSAccess', kind }).policy;
}

function kindInWords(kind: Policy['kind']): string {
  return kind === 'service-control' ? 'service control policy' : 'resource control policy';
}
