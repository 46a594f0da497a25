import { verdictInWords } from '../engine/in-words.ts';
import type { EndpointLimit } from './endpoints.ts';
import { nameOfGrantee, shortPath } from './names.ts';

/** What a VPC endpoint takes away, e.g. `through VPC endpoint App/Kms: kms:Decrypt by App/Reader denied`; none: nothing. */
export function endpointInWords({ endpoint, limited }: EndpointLimit): readonly string[] {
  const byText = new Map<string, string[]>();
  for (const { grantee, action, decision } of limited) {
    const text = `${nameOfGrantee(grantee)} ${verdictInWords(decision)}`;
    byText.set(text, [...(byText.get(text) ?? []), action]);
  }
  const path = shortPath(endpoint.constructPath);
  return [...byText].map(([text, actions]) => `through VPC endpoint ${path}: ${actions.join(', ')} by ${text}`);
}
