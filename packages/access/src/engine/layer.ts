import type { Policy, Statement } from '../policy.ts';
import { whyUnknown } from '../symbolic/text.ts';
import { allTri, type Tri } from '../symbolic/tri.ts';
import type { Reason, ReasonCode, ResidualCondition } from './decision.ts';
import { nearestInWords } from './nearest.ts';
import { matchStatement, type Question, type StatementMatch } from './statement.ts';
import { anyOf, type Truth } from './truth.ts';
import { conditionsInWords, statementInWords } from './words.ts';

/** A matched statement, and whether it names the caller. */
export interface NamedMatch extends StatementMatch {
  readonly named: Tri;
}

export function matchesOf(
  policies: readonly Policy[],
  effect: Statement['effect'],
  question: Question,
  names: (statement: Statement) => Tri,
): readonly NamedMatch[] {
  return policies.flatMap((policy) =>
    policy.statements
      .filter((statement) => statement.effect === effect)
      .map((statement) => ({ ...matchStatement(policy, statement, question), named: names(statement) })),
  );
}

/** Whether a statement applies; `code` and `text` are for the reason when it does. */
export function truthOfMatch(match: NamedMatch, code: ReasonCode, text: string): Truth {
  const { policy, statement, failed, open, doubts } = match;
  const covers = allTri([match.named, match.action, match.resource]);
  if (covers === 'no' || failed.length > 0) return { is: 'no', because: [] };
  const reason: Reason = { code, text, policy, statement };
  const where = statementInWords(policy, statement);
  if (covers === 'unknown' || doubts.length > 0) {
    const why = [...(match.named === 'unknown' ? [namingDoubt(statement)] : []), ...doubts];
    return { is: 'unknown', because: [{ ...reason, code: 'unknown-value', text: `${where}: ${why.join('; ')}` }] };
  }
  if (open.length === 0) return { is: 'yes', because: [reason] };
  const residual: ResidualCondition = {
    conditions: open,
    negated: false,
    policy,
    statement,
    text: conditionsInWords(open),
  };
  return { is: 'if', ways: [{ residual: [residual], because: [reason] }] };
}

/** Why it cannot be told whom a statement names. */
function namingDoubt({ principals, notPrincipals }: Statement): string {
  const named = [principals, notPrincipals].flatMap((some) => {
    return some === undefined || some === '*' ? [] : Object.values(some).flat();
  });
  const why = named.map(whyUnknown).find((reason) => reason !== undefined);
  return `whether it names the caller cannot be told${why === undefined ? '' : `: ${why}`}`;
}

/** What a layer is called in reasons. */
export interface LayerWords {
  readonly allows: ReasonCode;
  readonly silent: ReasonCode;
  /** `no identity policy of Writer allows kms:Decrypt on this key` */
  readonly silentText: string;
}

/** Whether any of the policies of one layer allows. */
export function layerTruth(policies: readonly Policy[], question: Question, words: LayerWords): Truth {
  const matches = matchesOf(policies, 'Allow', question, () => 'yes');
  const { action } = question.request;
  const truths = matches.map((match) => {
    return truthOfMatch(match, words.allows, `${statementInWords(match.policy, match.statement)} allows ${action}`);
  });
  const truth = anyOf([...truths, ...policies.flatMap(unreadableTruth)]);
  return truth.is === 'no' ? { is: 'no', because: silence(matches, words, action) } : truth;
}

/** Why nothing in a layer allows: statements that only a condition keeps from it, then what comes nearest. */
export function silence(
  matches: readonly NamedMatch[],
  { silent, silentText }: Pick<LayerWords, 'silent' | 'silentText'>,
  action: string,
): readonly Reason[] {
  const unmet = matches.filter((match) => {
    return match.failed.length > 0 && allTri([match.named, match.action, match.resource]) === 'yes';
  });
  if (unmet.length === 0) return [{ code: silent, text: silentText + nearestInWords(matches) }];
  const reasons = unmet.map(({ policy, statement, failed }): Reason => {
    const where = statementInWords(policy, statement);
    const text = `${where} would allow ${action}, but requires that ${conditionsInWords(failed)}`;
    return { code: 'condition-not-met', text, policy, statement, failedConditions: failed };
  });
  return [{ code: silent, text: silentText }, ...reasons];
}

/** A part of a policy that cannot be read may allow or deny anything. */
export function unreadableTruth(policy: Policy): Truth[] {
  if (policy.unreadable === undefined || policy.unreadable.length === 0) return [];
  const text = `${policy.name} cannot be read in full: ${policy.unreadable.join('; ')}`;
  return [{ is: 'unknown', because: [{ code: 'unknown-value', text, policy }] }];
}
