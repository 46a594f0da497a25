import type { Policy, Statement } from '../policy.ts';
import { whyUnknown } from '../symbolic/text.ts';
import { allTri, anyTri, type Tri } from '../symbolic/tri.ts';
import type { Value } from '../value.ts';
import { type CompiledStatement, compile } from './compile.ts';
import type { Reason, ResidualCondition } from './decision.ts';
import { nearestInWords } from './nearest.ts';
import type { ReasonCode } from './reasons.ts';
import type { Caller } from './request.ts';
import { matchStatement, type Question, type StatementMatch } from './statement.ts';
import { anyOf, notSince, type Truth } from './truth.ts';
import { conditionsInWords, statementInWords } from './words.ts';

export function matchNamed(compiled: CompiledStatement, question: Question): StatementMatch {
  const { principals, notPrincipals } = compiled.statement;
  // A statement of a policy without principals is about whoever has the policy.
  const named = principals === undefined && notPrincipals === undefined ? 'yes' : anyHit(compiled, question);
  return matchStatement(compiled, question, named);
}

function anyHit(compiled: CompiledStatement, { request }: Question): Tri {
  return anyTri(Object.values(compiled.hits(request.caller)));
}

/**
 * Whether a statement applies.
 *
 * @param says - what the statement then does, for the reason: `allows kms:Decrypt`
 * @param named - as what it names the caller, where that matters
 */
export function truthOfMatch(match: StatementMatch, code: ReasonCode, says: string, named = match.named): Truth {
  const { policy, statement, action, resource, failed, open, doubts } = match;
  if (failed.length > 0 || named === 'no' || action === 'no' || resource === 'no') return NOT;
  const where = statementInWords(policy, statement);
  if (named === 'unknown' || action === 'unknown' || resource === 'unknown' || doubts.length > 0) {
    const why = named === 'unknown' ? [namingDoubt(match), ...doubts] : doubts;
    const text = `${where}: ${why.join('; ')}`;
    return { is: 'unknown', because: [{ code: 'unknown-value', text, policy, statement }] };
  }
  const reason: Reason = { code, text: `${where} ${says}`, policy, statement };
  if (open.length === 0) return { is: 'yes', because: [reason] };
  const asked: ResidualCondition = {
    conditions: open,
    negated: false,
    policy,
    statement,
    text: conditionsInWords(open),
  };
  return { is: 'if', ways: [{ residual: [asked], because: [reason] }] };
}

const NOT: Truth = { is: 'no', because: [] };

/** Why it cannot be told whom a statement names. */
function namingDoubt({ statement: { principals, notPrincipals }, caller }: StatementMatch): string {
  const named = [principals, notPrincipals].flatMap((some) => {
    return some === undefined || some === '*' ? [] : Object.values(some).flat();
  });
  // Of whom a statement excepts it is not the names alone that leave it open.
  const others = notPrincipals === undefined ? compared(caller) : [];
  const why = whyEveryone(named, principals) ?? whyUnknown(...named, ...others);
  return `whether it names the caller cannot be told${why === undefined ? '' : `: ${why}`}`;
}

/** What of a caller statements name: the name of a session is open, and seldom what matters. */
function compared(caller: Caller): readonly Value[] {
  if (caller.type === 'service') return [caller.service];
  return [caller.type === 'role-session' ? caller.roleArn : caller.arn];
}

/** Of a service alone is it not known whether everyone includes it. */
function whyEveryone(named: readonly Value[], principals: Statement['principals']): string | undefined {
  const isEveryone = principals === '*' || named.includes('*');
  return isEveryone ? 'AWS\'s documents do not say whether "*" includes AWS services' : undefined;
}

/** What a layer is called in reasons. */
export interface LayerWords {
  readonly allows: ReasonCode;
  readonly silent: ReasonCode;
  /** `no identity policy of Writer allows kms:Decrypt on this key`; asked for where nothing allows. */
  readonly silentText: () => string;
}

/** Whether any of the policies of one layer allows. */
export function layerTruth(policies: readonly Policy[], question: Question, words: LayerWords): Truth {
  const truths: Truth[] = [];
  const says = `allows ${question.request.action}`;
  for (const policy of policies) {
    for (const compiled of compile(policy).covering('Allow', question.action)) {
      const match = matchNamed(compiled, question);
      const truth = truthOfMatch(match, words.allows, says);
      if (truth.is === 'yes') return truth;
      truths.push(truth);
    }
  }
  const truth = anyOf([...truths, ...policies.flatMap(unreadableTruth)]);
  if (truth.is !== 'no') return truth;
  return notSince(() => {
    const all = policies.flatMap((policy) => compile(policy).allow.map((one) => matchNamed(one, question)));
    return silence(all, words, question.request.action);
  });
}

/** A layer that only limits. That it does not is no reason for anything. */
export function limitTruth(
  policies: readonly Policy[] | undefined,
  question: Question,
  words: Pick<LayerWords, 'silent' | 'silentText'>,
): Truth {
  if (policies === undefined || policies.length === 0) return UNLIMITED;
  const { silent, silentText } = words;
  const truth = layerTruth(policies, question, { allows: 'identity-policy-allows', silent, silentText });
  return truth.is === 'yes' ? UNLIMITED : truth;
}

export const UNLIMITED: Truth = { is: 'yes', because: [] };

/** Why nothing in a layer allows: statements that only a condition keeps from it, then what comes nearest. */
export function silence(
  matches: readonly StatementMatch[],
  { silent, silentText }: Pick<LayerWords, 'silent' | 'silentText'>,
  action: string,
): readonly Reason[] {
  const unmet = matches.filter((match) => {
    return match.failed.length > 0 && allTri([match.named, match.action, match.resource]) === 'yes';
  });
  if (unmet.length === 0) return [{ code: silent, text: silentText() + nearestInWords(matches) }];
  const reasons = unmet.map(({ policy, statement, failed }): Reason => {
    const where = statementInWords(policy, statement);
    const text = `${where} would allow ${action}, but requires that ${conditionsInWords(failed)}`;
    return { code: 'condition-not-met', text, policy, statement, failedConditions: failed };
  });
  return [{ code: silent, text: silentText() }, ...reasons];
}

/** A part of a policy that cannot be read may allow or deny anything. */
export function unreadableTruth(policy: Policy): readonly Truth[] {
  if (policy.unreadable === undefined || policy.unreadable.length === 0) return NOTHING;
  const text = `${policy.name} cannot be read in full: ${policy.unreadable.join('; ')}`;
  return [{ is: 'unknown', because: [{ code: 'unknown-value', text, policy }] }];
}

const NOTHING: readonly Truth[] = [];
