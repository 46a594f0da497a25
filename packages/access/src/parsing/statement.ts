import { LIMITS } from '../limits.ts';
import type { PolicyKind, Principals, Statement } from '../policy.ts';
import { ALWAYS, allCases, type Case, grouped, hinges, together } from '../symbolic/cases.ts';
import type { Outcome } from '../symbolic/outcome.ts';
import type { TemplateCondition, Value } from '../value.ts';
import { readConditions } from './conditions.ts';
import { type Findings, isObject, type Json, noteUnknown, shown } from './findings.ts';
import { checkMembers } from './grammar.ts';
import { principalCases, readPrincipals } from './principals.ts';
import { actionCases, readActions, readValues, valueCases } from './values.ts';

/** Members of which the whole counts: what one of their values excludes is not the sum of what each excludes. */
const WHOLE = ['Effect', 'Sid', 'NotPrincipal', 'NotAction', 'NotResource', 'Condition'];

/**
 * A statement, or one for each case where conditions of the template make a difference. None when a mistake, or a part
 * that only deployment knows, leaves nothing to decide with.
 */
export function readStatement(
  json: Outcome,
  when: readonly TemplateCondition[],
  index: number,
  kind: PolicyKind,
  findings: Findings,
): readonly Statement[] {
  const at = `Statement ${index}`;
  if (noteUnknown(json, at, findings)) return [];
  if (!isObject(json)) {
    findings.problems.push(`${at} must be an object, not ${shown(json)}`);
    return [];
  }
  // As most are: nothing to tell apart.
  if (!hinges(json as Outcome)) return readCase(json, when, index, kind, findings);
  const whole = Object.entries(json).filter(([member]) => WHOLE.includes(member));
  const cases = allCases(Object.fromEntries(whole) as Outcome);
  if (cases === undefined) findings.unreadable.push(tooMany(at));
  return (cases ?? []).flatMap((one) => {
    const all = together(when, one.when);
    const members = isObject(one.value) ? one.value : {};
    return all === undefined ? [] : readCase({ ...json, ...absent(whole), ...members }, all, index, kind, findings);
  });
}

function tooMany(at: string): string {
  return `${at}: it hinges on too many conditions of the template`;
}

function absent(members: readonly (readonly [string, unknown])[]): Json {
  return Object.fromEntries(members.map(([name]) => [name, undefined]));
}

/** What the positive members name is a sum: parts that are there in some cases only become statements of their own. */
function readCase(
  json: Json,
  when: readonly TemplateCondition[],
  index: number,
  kind: PolicyKind,
  findings: Findings,
): readonly Statement[] {
  const at = `Statement ${index}`;
  const before = findings.problems.length + findings.unreadable.length;
  checkMembers(json, at, kind, findings);
  const effect = json['Effect'];
  if (!noteUnknown(effect, `${at}: Effect`, findings) && effect !== 'Allow' && effect !== 'Deny') {
    findings.problems.push(`${at}: Effect must be "Allow" or "Deny", not ${shown(effect)}`);
  }
  const sid = typeof json['Sid'] === 'string' ? json['Sid'] : undefined;
  const notPrincipals = optional(json['NotPrincipal'], (list) => readPrincipals(list, `${at}: NotPrincipal`, findings));
  const notActions = optional(json['NotAction'], (list) => readActions(list, `${at}: NotAction`, findings));
  const notResources = optional(json['NotResource'], (list) => readValues(list, `${at}: NotResource`, findings));
  const conditions = readConditions(json['Condition'], `${at}: Condition`, findings);
  const principals = principalCases(json['Principal'], `${at}: Principal`, findings);
  const actions = listCases(json['Action'], actionCases(json['Action'], `${at}: Action`, findings));
  const resources = listCases(json['Resource'], valueCases(json['Resource'], `${at}: Resource`, findings));
  if (principals.length * actions.length * resources.length > LIMITS.alternatives.most)
    findings.unreadable.push(tooMany(at));
  if (findings.problems.length + findings.unreadable.length > before) return [];
  return principals.flatMap((who) =>
    actions.flatMap((what) =>
      resources.flatMap((which): Statement[] => {
        const onlyIf = together(when, who.when, what.when, which.when);
        if (onlyIf === undefined) return [];
        const statement = {
          index,
          sid,
          effect: effect === 'Deny' ? ('Deny' as const) : ('Allow' as const),
          principals: who.value as Principals | undefined,
          notPrincipals,
          actions: what.value,
          notActions,
          resources: which.value,
          notResources,
          conditions,
        };
        return [onlyIf.length === 0 ? statement : { ...statement, onlyIf }];
      }),
    ),
  );
}

function optional<T>(json: unknown, read: (json: unknown) => T): T | undefined {
  return json === undefined ? undefined : read(json);
}

/** A member that was left out is one case: the list that matches nothing. */
function listCases(json: unknown, cases: readonly Case<Value>[]): readonly Case<readonly Value[]>[] {
  return json === undefined || (Array.isArray(json) && json.length === 0)
    ? [{ value: [], when: ALWAYS }]
    : grouped(cases);
}
