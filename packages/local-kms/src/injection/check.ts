import { LocalKmsError, shown } from '../errors.ts';
import { SERVICE_PRINCIPAL } from '../identity/service.ts';
import { SUPPORTED_OPERATIONS } from '../operations/table.ts';
import { type Directory, whoIs } from '../seed/directory.ts';
import type { Key } from '../state/key.ts';
import { aliasesOf, type Store } from '../state/store.ts';
import { isObject } from '../wire/json.ts';
import type { FaultInjection } from './injection.ts';
import { integer, KINDS, oneOf } from './kinds.ts';
import type { CallFacts } from './plan.ts';

/** An injection that was found to be sound. */
export interface CheckedInjection {
  readonly injection: FaultInjection;
  readonly matches: (call: CallFacts) => boolean;
}

const MEMBERS = ['operation', 'key', 'principal', 'times', 'fault'];
const MAX_TIMES = 1_000_000;

/**
 * Checks what a caller or another process gave. Names have to be those of something that is there: a fault with a
 * misspelt name would never fire, and a test that waits for it would pass for the wrong reason.
 *
 * @throws {@link LocalKmsError} `INVALID_OPTION`, naming everything that is wrong
 */
export function checkedInjection(given: unknown, store: Store, directory: Directory): CheckedInjection {
  if (!isObject(given)) throw invalid([`the fault must be an object with members of ${MEMBERS.join(', ')}`]);
  const { operation, key, principal, times, fault } = given;
  const isMeant = keyNamed(store, key);
  const arn = principalArn(directory, principal);
  const problems = [
    ...unknownMembers('', given, MEMBERS),
    ...kindProblems(fault),
    ...(operation === undefined ? [] : told('operation', oneOf(operationsFor(fault))(operation))),
    ...(times === undefined ? [] : told('times', integer(1, MAX_TIMES)(times))),
    ...(key === undefined || keysOf(store).some(isMeant) ? [] : [`key: ${noKey(key)}`]),
    ...told('principal', arn.problem),
  ];
  if (problems.length > 0) throw invalid(problems);
  const operations = operation === undefined ? operationsOf(fault) : [operation];
  return {
    // What was checked just now is what the type says; a copy, since the caller may change what was given.
    injection: structuredClone(given) as unknown as FaultInjection,
    matches: (call) =>
      (operations?.includes(call.operation) ?? true) &&
      (key === undefined || call.keys.some(isMeant)) &&
      (principal === undefined || call.principal?.arn === arn.arn),
  };
}

function kindProblems(fault: unknown): readonly string[] {
  if (!isObject(fault)) return [`fault must be an object with a kind of ${Object.keys(KINDS).join(', ')}`];
  const kind = kindOf(fault);
  if (kind === undefined) return told('fault.kind', oneOf(Object.keys(KINDS))(fault['kind']));
  return [
    ...unknownMembers('fault.', fault, ['kind', ...Object.keys(kind.members)]),
    ...Object.entries(kind.members).flatMap(([name, check]) => told(`fault.${name}`, check(fault[name]))),
  ];
}

function kindOf({ kind }: Readonly<Record<string, unknown>>) {
  return Object.entries(KINDS).find(([name]) => name === kind)?.[1];
}

/** The operations that the fault is limited to by its kind. */
function operationsOf(fault: unknown): readonly string[] | undefined {
  return isObject(fault) ? kindOf(fault)?.operations : undefined;
}

function operationsFor(fault: unknown): readonly string[] {
  return operationsOf(fault) ?? SUPPORTED_OPERATIONS;
}

function unknownMembers(path: string, given: object, allowed: readonly string[]): readonly string[] {
  return Object.keys(given)
    .filter((name) => !allowed.includes(name))
    .map((name) => `${path}${name} is no member; there are ${allowed.join(', ')}`);
}

function told(path: string, problem: string | undefined): readonly string[] {
  return problem === undefined ? [] : [`${path} ${problem}`];
}

/** By its names of the moment: an alias may come to point elsewhere. */
function keyNamed(store: Store, name: unknown): (key: Key) => boolean {
  return (key) =>
    key.arn === name ||
    key.id === name ||
    aliasesOf(store, key).some((alias) => alias.name === name || alias.arn === name);
}

function keysOf({ partitions }: Store): readonly Key[] {
  return [...partitions.values()].flatMap(({ keys }) => [...keys.values()]);
}

function noKey(name: unknown): string {
  return `no key has the id, ARN or alias ${shown(name)}; say one that is there, an alias with its prefix alias/`;
}

/** Root users are in no app, and neither are AWS services; their ARN, or name, is what they are called. */
const ROOT = /^arn:[a-z-]+:iam::\d{12}:root$/;

function principalArn(directory: Directory, name: unknown): { readonly arn?: string; readonly problem?: string } {
  if (name === undefined) return {};
  if (typeof name !== 'string') return { problem: `must be text, not ${shown(name)}` };
  if (ROOT.test(name) || SERVICE_PRINCIPAL.test(name)) return { arn: name };
  try {
    return { arn: whoIs(directory, name).principal.arn };
  } catch (error) {
    if (!(error instanceof LocalKmsError)) throw error;
    return { problem: `is not known: ${error.message}` };
  }
}

function invalid(problems: readonly string[]): LocalKmsError {
  return new LocalKmsError('INVALID_OPTION', problems.join('; '));
}
