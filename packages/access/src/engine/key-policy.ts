import type { Policy } from '../policy.ts';
import { compile } from './compile.ts';
import { matchNamed, silence, truthOfMatch } from './layer.ts';
import { GRADES } from './limits.ts';
import { type Grade, NOBODY } from './principals.ts';
import type { ReasonCode } from './reasons.ts';
import type { Caller } from './request.ts';
import { matchStatement, type Question, type StatementMatch } from './statement.ts';
import { anyOf, notSince, type Truth } from './truth.ts';
import { callerInWords } from './words.ts';

/** One way in which the key policy names the caller, and whether it allows then. */
export interface NamedTruth {
  readonly grade: Grade;
  readonly truth: Truth;
}

/** Whether the key policy allows, for each way in which it names the caller; ways that lead nowhere are left out. */
export function keyPolicyTruths(policy: Policy, question: Question): readonly NamedTruth[] {
  const { caller, action } = question.request;
  const found: NamedTruth[] = [];
  for (const compiled of compile(policy).covering('Allow', question.action)) {
    const hits = compiled.hits(caller);
    if (hits === NOBODY) continue;
    let match: StatementMatch | undefined;
    for (const grade of GRADES) {
      const named = hits[grade];
      if (named === undefined || named === 'no') continue;
      match ??= matchStatement(compiled, question, named);
      const [code, says] = sayings(grade, action, caller);
      const truth = truthOfMatch(match, code, says, named);
      if (truth.is !== 'no') found.push({ grade, truth });
    }
  }
  return found.length < 2 ? found : byGrade(found);
}

function byGrade(found: readonly NamedTruth[]): readonly NamedTruth[] {
  return GRADES.flatMap((grade) => {
    const truths = found.filter((one) => one.grade === grade).map(({ truth }) => truth);
    return truths.length === 0 ? [] : [{ grade, truth: anyOf(truths) }];
  });
}

function sayings(grade: Grade, action: string, caller: Caller): readonly [ReasonCode, string] {
  const who = callerInWords(caller);
  if (grade === 'account')
    return ['key-policy-delegates-to-account', `delegates ${action} to IAM in the account of ${who}`];
  const whom = grade === 'everyone' ? 'everyone' : who;
  return ['key-policy-allows-principal', `allows ${action} to ${whom}`];
}

/** Why no statement of the key policy allows. */
export function keyPolicySilence(policy: Policy, question: Question): Truth {
  return notSince(() => {
    const { action, caller } = question.request;
    const matches = compile(policy).allow.map((compiled) => matchNamed(compiled, question));
    const whom = caller.type === 'service' ? callerInWords(caller) : `${callerInWords(caller)} or to its account`;
    const silentText = () => `no statement of ${policy.name} allows ${action} to ${whom}`;
    return silence(matches, { silent: 'no-key-policy-allow', silentText }, action);
  });
}
