import { isSymbolic, partsOf } from '../symbolic/text.ts';
import type { Value } from '../value.ts';
import { canCarry } from './condition-keys.ts';
import type { Caller, KmsRequest } from './request.ts';

/** What a request says about one condition key. `open`: nobody knows yet whether it will be sent, and with what. */
export type Fact = readonly Value[] | 'absent' | 'open';

/** Looks a condition key up, without regard to the case of its name. */
export type Facts = (key: string) => Fact;

/** The condition keys of a request: those given, those that follow from the caller, and the rest open or absent. */
export function factsOf(request: KmsRequest): Facts {
  const known = new Map<string, Fact>(factsOfCaller(request.caller));
  const given = new Map<string, Value[]>();
  for (const [key, values] of Object.entries(request.context)) {
    // Two spellings of one name are one multi-valued key.
    const name = key.toLowerCase();
    given.set(name, [...(given.get(name) ?? []), ...(isOne(values) ? [values] : values)]);
  }
  for (const [key, values] of given) known.set(key, values);
  return (key) => {
    const fact = known.get(key.toLowerCase());
    if (fact !== undefined) return fact;
    return request.open === true && canCarry(request.action, key) ? 'open' : 'absent';
  };
}

function isOne(values: Value | readonly Value[]): values is Value {
  return typeof values === 'string' || isSymbolic(values);
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
function factsOfCaller(caller: Caller): [string, Fact][] {
  if (caller.type === 'service') {
    return [
      ['aws:principalisawsservice', ['true']],
      ['aws:principalservicename', [caller.service]],
      ['aws:username', 'absent'],
    ];
  }
  const type = { 'role-session': 'AssumedRole', user: 'User', root: 'Account' }[caller.type];
  return [
    ['aws:principalarn', [caller.type === 'role-session' ? caller.roleArn : caller.arn]],
    ['aws:principalaccount', [caller.account]],
    ['kms:calleraccount', [caller.account]],
    ['aws:principaltype', [type]],
    ['aws:principalisawsservice', ['false']],
    ['aws:principalservicename', 'absent'],
    ['aws:username', caller.type === 'user' ? userName(caller.arn) : 'absent'],
  ];
}

/** The last segment of a user's ARN; open where it cannot be told apart from the path. */
function userName(arn: Value): Fact {
  const last = partsOf(arn).at(-1);
  if (last === undefined) return 'open';
  if (typeof last !== 'string') return [{ parts: [last] }];
  const slash = last.lastIndexOf('/');
  return slash < 0 ? 'open' : [last.slice(slash + 1)];
}
