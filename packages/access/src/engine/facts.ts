import { isSymbolic, partsOf } from '../symbolic/text.ts';
import type { Value } from '../value.ts';
import { canCarry } from './condition-keys.ts';
import type { Fact } from './fact.ts';
import { lowerCase } from './lower-case.ts';
import type { Caller, KmsRequest } from './request.ts';
import { factOfService } from './service-facts.ts';

/** Looks a condition key up by its name in lower case. */
export type Facts = (name: string) => Fact;

/** How the condition keys of an encryption context begin; what follows is the name of a pair. */
export const CONTEXT_PAIR = 'kms:encryptioncontext:';
const CONTEXT_NAMES = 'kms:encryptioncontextkeys';

/**
 * The condition keys of a request: those given, those that follow from others and from the caller, the rest open or
 * absent. A request has a dozen of keys and is asked for a few: they are searched, since a table of them takes longer to
 * make than to use.
 */
export function factsOf(request: KmsRequest): Facts {
  const { caller, action, find } = request;
  const open = request.open === true;
  // Many decisions ask for none.
  let keys: readonly string[] = [];
  let names: readonly string[] | undefined;
  const namesThere = (): readonly string[] => {
    if (names === undefined) {
      keys = Object.keys(request.context);
      names = keys.map(lowerCase);
    }
    return names;
  };
  return (name) => {
    const sent = find === undefined ? given(name, namesThere(), keys, request.context) : find(name);
    const fact = sent ?? factOfCaller(name, caller, action);
    if (fact !== undefined) return fact;
    if (open) return canCarry(action, name) ? 'open' : 'absent';
    // The names follow from the pairs, which are all there.
    return name === CONTEXT_NAMES ? namesOfPairs(namesThere(), keys) : 'absent';
  };
}

function given(
  name: string,
  names: readonly string[],
  keys: readonly string[],
  context: KmsRequest['context'],
): readonly Value[] | undefined {
  let found: readonly Value[] | undefined;
  for (let index = names.indexOf(name); index >= 0; index = names.indexOf(name, index + 1)) {
    const values = context[keys[index] ?? ''] ?? [];
    const list = isOne(values) ? [values] : values;
    // Two spellings of one name are one key of several values.
    found = found === undefined ? list : [...found, ...list];
  }
  return found;
}

function namesOfPairs(names: readonly string[], keys: readonly string[]): Fact {
  const pairs = keys.filter((_, index) => names[index]?.startsWith(CONTEXT_PAIR));
  return pairs.length === 0 ? 'absent' : pairs.map((key) => key.slice(CONTEXT_PAIR.length));
}

function isOne(values: Value | readonly Value[]): values is Value {
  return typeof values === 'string' || isSymbolic(values);
}

const PRINCIPAL_TYPES: Readonly<Record<Exclude<Caller['type'], 'service'>, string>> = {
  'role-session': 'AssumedRole',
  user: 'User',
  'federated-user': 'FederatedUser',
  root: 'Account',
};

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
function factOfCaller(name: string, caller: Caller, action: string): Fact | undefined {
  if (caller.type === 'service') return factOfService(name, caller.service, action);
  switch (name) {
    case 'aws:principalarn':
      return [caller.type === 'role-session' ? caller.roleArn : caller.arn];
    case 'aws:principalaccount':
    case 'kms:calleraccount':
      return [caller.account];
    case 'aws:principaltype':
      return [PRINCIPAL_TYPES[caller.type]];
    case 'aws:principalisawsservice':
      return ['false'];
    case 'aws:principalservicename':
      return 'absent';
    case 'aws:username':
      return caller.type === 'user' ? userName(caller.arn) : 'absent';
    case 'kms:viaservice':
      return caller.via === undefined ? undefined : [caller.via];
    case 'aws:viaawsservice':
      return caller.via === undefined ? undefined : ['true'];
    default:
      return undefined;
  }
}

/** The last segment of a user's ARN; open where it cannot be told apart from the path. */
function userName(arn: Value): Fact {
  const last = partsOf(arn).at(-1);
  if (last === undefined) return 'open';
  if (typeof last !== 'string') return [{ parts: [last] }];
  const slash = last.lastIndexOf('/');
  return slash < 0 ? 'open' : [last.slice(slash + 1)];
}
