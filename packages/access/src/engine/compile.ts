import type { Policy, Statement } from '../policy.ts';
import { mayContain } from '../symbolic/alphabet.ts';
import { matchArnTokens } from '../symbolic/arn.ts';
import { type ArnText, compileArnPattern } from '../symbolic/arn-pattern.ts';
import { matchesPattern } from '../symbolic/match.ts';
import { inWords, partsOf } from '../symbolic/text.ts';
import { tokensOf, tokensOfText } from '../symbolic/tokens.ts';
import { anyTri, notTri, type Tri } from '../symbolic/tri.ts';
import type { SymbolicValue, Value } from '../value.ts';
import { type CompiledCondition, compileCondition } from './condition.ts';
import type { Facts } from './facts.ts';
import { type Hits, matchPrincipals } from './principals.ts';
import type { Caller } from './request.ts';
import { expand, hasVariable } from './variables.ts';

/** A resource together with what its patterns may hinge on. */
export interface ResourceQuestion {
  readonly resource: Value;
  /** The resource taken apart, where it is known. */
  readonly arn: ArnText | undefined;
  readonly facts: Facts;
}

/** A statement, read once. */
export interface CompiledStatement {
  readonly policy: Policy;
  readonly statement: Statement;
  /** Whether it covers an action, in lower case. */
  readonly coversAction: (action: string) => Tri;
  /** Whether it covers a resource; why that cannot be told goes into `doubts`. */
  readonly coversResource: (question: ResourceQuestion, doubts: string[]) => Tri;
  /** In which ways it names a caller. */
  readonly hits: (caller: Caller) => Hits;
  readonly conditions: readonly CompiledCondition[];
}

/** A policy, read once: its statements by what they do, and for each action those that cover it. */
export interface CompiledPolicy {
  readonly allow: readonly CompiledStatement[];
  readonly deny: readonly CompiledStatement[];
  /** Statements of an effect that may cover an action, in lower case. */
  readonly covering: (effect: Statement['effect'], action: string) => readonly CompiledStatement[];
}

/** Policies do not change; those that a program asks about again and again are read once. */
const COMPILED = new WeakMap<Policy, CompiledPolicy>();

export function compile(policy: Policy): CompiledPolicy {
  const known = COMPILED.get(policy);
  if (known !== undefined) return known;
  const statements = policy.statements.map((statement) => compileStatement(policy, statement));
  const of = (effect: Statement['effect']) => statements.filter(({ statement }) => statement.effect === effect);
  const all = { Allow: of('Allow'), Deny: of('Deny') };
  const byAction = { Allow: new Map<string, CompiledStatement[]>(), Deny: new Map<string, CompiledStatement[]>() };
  const compiled: CompiledPolicy = {
    allow: all.Allow,
    deny: all.Deny,
    covering: (effect, action) => {
      const found = byAction[effect].get(action);
      if (found !== undefined) return found;
      const covering = all[effect].filter((one) => one.coversAction(action) !== 'no');
      byAction[effect].set(action, covering);
      return covering;
    },
  };
  COMPILED.set(policy, compiled);
  return compiled;
}

/** Only this version of the policy language has variables. */
export const WITH_VARIABLES = '2012-10-17';

function compileStatement(policy: Policy, statement: Statement): CompiledStatement {
  const variables = policy.version === WITH_VARIABLES;
  const answers = new Map<string, Tri>();
  const resource = either(statement.resources, statement.notResources, (pattern) =>
    resourceTest(pattern, variables, statement.effect),
  );
  return {
    policy,
    statement,
    coversAction: (action) => {
      const known = answers.get(action);
      if (known !== undefined) return known;
      const answer = coversAction(statement, action);
      answers.set(action, answer);
      return answer;
    },
    coversResource: resource,
    hits: hitsOf(statement),
    conditions: statement.conditions.map((condition) => compileCondition(condition, variables)),
  };
}

/** One caller is asked about for one action after another. */
function hitsOf(statement: Statement): CompiledStatement['hits'] {
  let last: { readonly caller: Caller; readonly hits: Hits } | undefined;
  return (caller) => {
    if (last === undefined || last.caller !== caller) last = { caller, hits: matchPrincipals(statement, caller) };
    return last.hits;
  };
}

function coversAction({ actions, notActions }: Statement, action: string): Tri {
  const matches = (pattern: Value) => matchesPattern(pattern, action, { ignoreCase: true });
  return notActions === undefined ? anyTri(actions.map(matches)) : notTri(anyTri(notActions.map(matches)));
}

type ResourceTest = CompiledStatement['coversResource'];

function either(
  patterns: readonly Value[],
  complement: readonly Value[] | undefined,
  testOf: (pattern: Value) => ResourceTest,
): ResourceTest {
  const tests = (complement ?? patterns).map(testOf);
  return (question, doubts) => {
    let found: Tri = 'no';
    for (const test of tests) {
      const answer = test(question, doubts);
      if (answer === 'unknown') found = 'unknown';
      if (answer !== 'yes') continue;
      found = 'yes';
      break;
    }
    return complement === undefined ? found : notTri(found);
  };
}

const PATTERN = { wildcards: true, ignoreCase: false };
const TEXT = { wildcards: false, ignoreCase: false };

/** Reads one pattern of `Resource` or `NotResource`. @param variables - whether `${…}` are variables in it */
export function resourceTest(pattern: Value, variables: boolean, effect: Statement['effect']): ResourceTest {
  if (pattern === '*') return () => 'yes';
  if (variables && hasVariable(pattern)) return variableTest(pattern, effect);
  // One key is asked about for one action after another.
  let last: { readonly resource: Value; readonly answer: Tri } | undefined;
  const bySymbols: ResourceTest = ({ resource }) => {
    if (last === undefined || last.resource !== resource) {
      last = { resource, answer: matchSymbols(pattern, resource) };
    }
    return last.answer;
  };
  if (typeof pattern !== 'string') return bySymbols;
  const matches = compileArnPattern(pattern);
  return (question, doubts) => {
    if (question.arn === undefined) return bySymbols(question, doubts);
    return matches(question.arn) ? 'yes' : 'no';
  };
}

/** Thousands of statements name the same few resources. */
const MATCHES = new WeakMap<SymbolicValue, WeakMap<SymbolicValue, Tri>>();

function matchSymbols(pattern: Value, resource: Value): Tri {
  if (typeof pattern === 'string' || typeof resource === 'string') return matchNow(pattern, resource);
  const ofPattern = MATCHES.get(pattern) ?? new WeakMap<SymbolicValue, Tri>();
  MATCHES.set(pattern, ofPattern);
  const answer = ofPattern.get(resource) ?? matchNow(pattern, resource);
  ofPattern.set(resource, answer);
  return answer;
}

function matchNow(pattern: Value, resource: Value): Tri {
  return matchArnTokens(tokensOf(pattern, PATTERN), tokensOf(resource, TEXT));
}

/** Variables stand in the last component of an ARN only; AWS takes no others. */
function variableTest(pattern: Value, effect: Statement['effect']): ResourceTest {
  const written = inWords(pattern);
  if (!variablesStandLast(pattern)) {
    const text = `its resource ${written} has a variable where AWS takes none`;
    return (_question, doubts) => {
      if (effect === 'Deny') doubts.push(text);
      return effect === 'Deny' ? 'unknown' : 'no';
    };
  }
  return ({ resource, facts }, doubts) => {
    const text = tokensOf(resource, TEXT);
    const expanded = expand(pattern, facts, { ...PATTERN, variables: true });
    if (expanded.is === 'nothing') return 'no';
    if (expanded.is === 'tokens') return matchArnTokens(expanded.tokens, text);
    // With anything at all in the place of the variable it may match; only without that is "no" certain.
    if (matchArnTokens(tokensOfText(written.replace(/\$\{[^{}]*\}/g, '*'), PATTERN), text) === 'no') return 'no';
    doubts.push(`its resource hinges on ${expanded.key} of the request`);
    return 'unknown';
  };
}

/** Whether what precedes the first variable has the five colons that precede the last component. */
function variablesStandLast(pattern: Value): boolean {
  let colons = 0;
  for (const part of partsOf(pattern)) {
    if (typeof part !== 'string') {
      // An ARN, perhaps: nobody can count its colons.
      if (mayContain(part, ':')) return true;
      continue;
    }
    const begin = part.indexOf('${');
    colons += (begin < 0 ? part : part.slice(0, begin)).split(':').length - 1;
    if (begin >= 0) break;
  }
  return colons >= 5;
}
