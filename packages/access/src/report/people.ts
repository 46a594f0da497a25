import type { Assembly, PrincipalModel } from '../model.ts';
import { AlikeThings } from '../symbolic/alike.ts';
import { textKey } from '../symbolic/index-by-value.ts';
import { equalValues } from '../symbolic/match.ts';
import type { Value } from '../value.ts';

/** What is looked up about the principals of an app for every key. */
export interface People {
  readonly alike: AlikeThings<PrincipalModel>;
  /** Construct paths of the functions that run as it. */
  readonly functionsOf: (principal: PrincipalModel) => readonly string[];
  /** Whether a string is certainly the ARN of one of them. */
  readonly isOfApp: (value: Value) => boolean;
}

const PEOPLE = new WeakMap<Assembly, People>();

export function peopleOf(assembly: Assembly): People {
  const known = PEOPLE.get(assembly);
  if (known !== undefined) return known;
  const { principals, functions } = assembly;
  const running = new Map<PrincipalModel, string[]>();
  for (const { role, constructPath } of functions) {
    if (role === undefined) continue;
    const others = running.get(role);
    if (others === undefined) running.set(role, [constructPath]);
    else others.push(constructPath);
  }
  const alike = new AlikeThings(
    principals.map((thing) => {
      const { stack, logicalId, type, arn, name, account } = thing;
      return { thing, stack, logicalId, values: [type, arn, name, account] };
    }),
  );
  const people: People = {
    alike,
    functionsOf: (one) => running.get(one) ?? [],
    isOfApp: byText((value) => {
      return alike.find([value], ({ arn }) => (equalValues(arn, value) === 'yes' ? 'yes' : 'no')).length > 0;
    }),
  };
  PEOPLE.set(assembly, people);
  return people;
}

/** Asks once about strings that are certainly the same. */
export function byText<T>(answer: (value: Value) => T): (value: Value) => T {
  const known = new Map<string, T>();
  return (value) => {
    const text = textKey(value);
    const before = text === undefined ? undefined : known.get(text);
    if (before !== undefined) return before;
    const made = answer(value);
    if (text !== undefined) known.set(text, made);
    return made;
  };
}
