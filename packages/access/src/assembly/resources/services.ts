import type { KeyModel, ServiceModel } from '../../model.ts';
import { inWords } from '../../symbolic/text.ts';
import type { Value } from '../../value.ts';

/** The services that Allow statements of key policies name, in the order in which they are named first. */
export function servicesOf(keys: readonly KeyModel[]): readonly ServiceModel[] {
  const found = new Map<string, { service: Value; keys: Set<KeyModel> }>();
  for (const key of keys) {
    for (const { effect, principals } of key.keyPolicy.statements) {
      if (effect === 'Deny' || principals === undefined || principals === '*') continue;
      for (const service of principals.Service ?? []) {
        const entry = found.get(inWords(service)) ?? { service, keys: new Set() };
        entry.keys.add(key);
        found.set(inWords(service), entry);
      }
    }
  }
  return [...found.values()].map(({ service, keys: named }) => ({ service, keys: [...named] }));
}
