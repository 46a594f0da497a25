import type { Principals, PrincipalType, Statement } from '../policy.ts';
import { inWords } from '../symbolic/text.ts';
import type { Value } from '../value.ts';

/** One principal that a statement names. */
export interface Named {
  readonly type: PrincipalType;
  readonly value: Value;
}

export function namedIn(principals: Principals | undefined): readonly Named[] {
  if (principals === undefined) return [];
  if (principals === '*') return [{ type: 'AWS', value: '*' }];
  return (['AWS', 'Service', 'Federated', 'CanonicalUser'] as const).flatMap((type) =>
    (principals[type] ?? []).map((value) => ({ type, value })),
  );
}

export function namesEveryone({ principals }: Statement): boolean {
  return namedIn(principals).some(({ value }) => value === '*');
}

/** Names in a sentence, each once. */
export function listed(names: readonly (Value | string)[]): string {
  const [first = '', ...rest] = [...new Set(names.map(inWords))];
  const last = rest.pop();
  return last === undefined ? first : `${[first, ...rest].join(', ')} and ${last}`;
}
