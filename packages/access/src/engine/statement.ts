import type { Condition, Policy, Statement } from '../policy.ts';
import { matchArnTokens } from '../symbolic/arn.ts';
import { conditionsInWords as templateConditionsInWords } from '../symbolic/cases.ts';
import { matchesPattern } from '../symbolic/match.ts';
import { inWords, whyUnknown } from '../symbolic/text.ts';
import { tokensOf, tokensOfText } from '../symbolic/tokens.ts';
import { anyTri, notTri, type Tri } from '../symbolic/tri.ts';
import type { Value } from '../value.ts';
import { matchCondition } from './condition.ts';
import type { Facts } from './facts.ts';
import type { KmsRequest } from './request.ts';
import { expand } from './variables.ts';
import { conditionInWords } from './words.ts';

/** A request together with the condition keys that it carries. */
export interface Question {
  readonly request: KmsRequest;
  readonly facts: Facts;
}

/** How a statement answers a question, apart from whom it names. */
export interface StatementMatch {
  readonly policy: Policy;
  readonly statement: Statement;
  readonly action: Tri;
  readonly resource: Tri;
  /** Conditions that are not met. */
  readonly failed: readonly Condition[];
  /** Conditions that hinge on what the request leaves open. */
  readonly open: readonly Condition[];
  /** Why it cannot be said whether the statement applies. */
  readonly doubts: readonly string[];
}

/** Only this version of the policy language has variables. */
const WITH_VARIABLES = '2012-10-17';

export function matchStatement(policy: Policy, statement: Statement, { request, facts }: Question): StatementMatch {
  const variables = policy.version === WITH_VARIABLES;
  const doubts: string[] = [];
  const action = matchEither(statement.actions, statement.notActions, (pattern) => {
    return matchesPattern(pattern, request.action, { ignoreCase: true });
  });
  const resource = matchEither(statement.resources, statement.notResources, (pattern) => {
    return matchResource(pattern, request.resource, facts, variables, doubts);
  });
  if (action === 'unknown') doubts.push(doubt(`whether it covers ${request.action}`, statement.actions));
  if (resource === 'unknown') {
    doubts.push(doubt('whether it covers this key', [...statement.resources, request.resource]));
  }
  const failed: Condition[] = [];
  const open: Condition[] = [];
  const match: StatementMatch = { policy, statement, action, resource, failed, open, doubts };
  // Conditions of a statement about something else decide nothing and explain nothing.
  if (action === 'no' || resource === 'no') return match;
  if (statement.onlyIf !== undefined) doubts.push(`it is there only if ${templateConditionsInWords(statement.onlyIf)}`);
  for (const condition of statement.conditions) {
    const holds = matchCondition(condition, facts, variables);
    if (holds === 'unknown-operator') {
      // Nobody can say what such a line of a Deny stops; in an Allow it holds for nobody.
      if (statement.effect === 'Allow') failed.push(condition);
      else doubts.push(`${condition.operator} is no condition operator of IAM`);
    } else if (holds === 'no') failed.push(condition);
    else if (holds === 'open') open.push(condition);
    else if (holds === 'unknown') doubts.push(doubt(`whether ${conditionInWords(condition)}`, condition.values));
  }
  return match;
}

function matchEither(
  patterns: readonly Value[],
  complement: readonly Value[] | undefined,
  matches: (pattern: Value) => Tri,
): Tri {
  return complement === undefined ? anyTri(patterns.map(matches)) : notTri(anyTri(complement.map(matches)));
}

function matchResource(pattern: Value, resource: Value, facts: Facts, variables: boolean, doubts: string[]): Tri {
  if (pattern === '*') return 'yes';
  const text = tokensOf(resource, { wildcards: false, ignoreCase: false });
  const options = { wildcards: true, ignoreCase: false };
  const expanded = expand(pattern, facts, { ...options, variables });
  if (expanded.is === 'nothing') return 'no';
  if (expanded.is === 'tokens') return matchArnTokens(expanded.tokens, text);
  // With anything at all in the place of the variable it may match; only without that is "no" certain.
  const widest = tokensOfText(inWords(pattern).replace(/\$\{[^{}]*\}/g, '*'), options);
  if (matchArnTokens(widest, text) === 'no') return 'no';
  doubts.push(`its resource hinges on ${expanded.key} of the request`);
  return 'unknown';
}

function doubt(what: string, values: readonly Value[]): string {
  const reason = values.map(whyUnknown).find((text) => text !== undefined);
  return reason === undefined ? `${what} cannot be told` : `${what} cannot be told: ${reason}`;
}
