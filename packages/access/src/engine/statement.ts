import type { Condition, Policy, Statement } from '../policy.ts';
import type { ArnText } from '../symbolic/arn-pattern.ts';
import { conditionsInWords as templateConditionsInWords } from '../symbolic/cases.ts';
import { whyUnknown } from '../symbolic/text.ts';
import type { Tri } from '../symbolic/tri.ts';
import type { Value } from '../value.ts';
import type { CompiledStatement } from './compile.ts';
import type { CompiledCondition } from './condition.ts';
import type { Facts } from './facts.ts';
import { lowerCase } from './lower-case.ts';
import type { ActionRule } from './operations.ts';
import { parseOperator } from './operators.ts';
import type { Caller, KmsRequest } from './request.ts';
import { conditionInWords } from './words.ts';

/** A request together with what is looked up over and over. */
export interface Question {
  readonly request: KmsRequest;
  readonly rule: ActionRule;
  /** The action in lower case, as policies are asked for it. */
  readonly action: string;
  readonly resource: Value;
  /** The resource taken apart, where it is known. */
  readonly arn: ArnText | undefined;
  readonly facts: Facts;
}

/** How a statement answers a question. */
export interface StatementMatch {
  readonly policy: Policy;
  readonly statement: Statement;
  readonly caller: Caller;
  /** Whether it names the caller. */
  readonly named: Tri;
  readonly action: Tri;
  readonly resource: Tri;
  /** Conditions that are not met. */
  readonly failed: readonly Condition[];
  /** Conditions that hinge on what the request leaves open. */
  readonly open: readonly Condition[];
  /** Why it cannot be said whether the statement applies. */
  readonly doubts: readonly string[];
}

const NONE: readonly never[] = [];

export function matchStatement(compiled: CompiledStatement, question: Question, named: Tri): StatementMatch {
  const { policy, statement, conditions } = compiled;
  const { caller } = question.request;
  const doubts: string[] = [];
  const action = compiled.coversAction(question.action);
  const resource = compiled.coversResource(question, doubts);
  if (action === 'unknown') doubts.push(doubt(`whether it covers ${question.request.action}`, statement.actions));
  if (resource === 'unknown') {
    doubts.push(doubt('whether it covers this key', [...statement.resources, question.resource]));
  }
  // Conditions of a statement about something else decide nothing and explain nothing.
  const covers = action !== 'no' && resource !== 'no';
  if (covers && policy.inDoubt !== undefined) doubts.push(policy.inDoubt);
  if (covers && statement.onlyIf !== undefined) {
    doubts.push(`it is there only if ${templateConditionsInWords(statement.onlyIf)}`);
  }
  if (!covers || conditions.length === 0) {
    return { policy, statement, caller, named, action, resource, failed: NONE, open: NONE, doubts };
  }
  const { failed, open, doubts: others } = weigh(conditions, question.facts, statement.effect);
  return { policy, statement, caller, named, action, resource, failed, open, doubts: [...doubts, ...others] };
}

/** Conditions by how they hold. */
export type Weighed = Pick<StatementMatch, 'failed' | 'open' | 'doubts'>;

export function weigh(conditions: readonly CompiledCondition[], facts: Facts, effect: Statement['effect']): Weighed {
  const weighed = { failed: [] as Condition[], open: [] as Condition[], doubts: [] as string[] };
  for (const { condition, holds } of conditions) {
    switch (holds(facts)) {
      case 'yes':
        break;
      case 'no':
        weighed.failed.push(condition);
        break;
      case 'open':
        weighed.open.push(condition);
        break;
      case 'unknown':
        weighed.doubts.push(doubt(`whether ${conditionInWords(condition)}`, comparedBy(condition, facts)));
        break;
      case 'operator-in-other-case': {
        const { meant = '' } = parseOperator(condition.operator);
        weighed.doubts.push(`AWS's documents do not say whether IAM takes ${condition.operator} for ${meant}`);
        break;
      }
      case 'unknown-operator':
        // Nobody can say what such a line of a Deny stops; in an Allow it holds for nobody.
        if (effect === 'Allow') weighed.failed.push(condition);
        else weighed.doubts.push(`${condition.operator} is no condition operator of IAM`);
    }
  }
  return weighed;
}

/** Both sides of a condition: either may be what is not known. */
function comparedBy({ key, values }: Condition, facts: Facts): readonly Value[] {
  const fact = facts(lowerCase(key));
  return typeof fact === 'string' ? values : [...values, ...fact];
}

function doubt(what: string, values: readonly Value[]): string {
  const reason = whyUnknown(...values);
  return reason === undefined ? `${what} cannot be told` : `${what} cannot be told: ${reason}`;
}
