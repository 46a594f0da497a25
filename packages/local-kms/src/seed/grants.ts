import { type GrantModel, type KeyModel, valueInWords } from '@cdk-keysmith/access';
import { GRANT_OPERATIONS, problemOfTerms, problemWithKey } from '../operations/grants.ts';
import { addGrant } from '../state/grant.ts';
import type { GrantTerms } from '../state/grant-terms.ts';
import type { Key } from '../state/key.ts';
import { bound, placeOf, type Seeding } from './context.ts';

/** Makes the grants of the app on its keys. A grant of which anything is unknown is a problem, not a guess. */
export function seedGrants(seeding: Seeding, keys: ReadonlyMap<KeyModel, Key>): void {
  for (const model of seeding.assembly.grants) {
    const problem = seedGrant(seeding, model, keys);
    if (problem !== undefined) seeding.problems.push(`grant ${model.constructPath} was not made: ${problem}`);
  }
}

function seedGrant(seeding: Seeding, model: GrantModel, keys: ReadonlyMap<KeyModel, Key>): string | undefined {
  const [first] = model.problems;
  if (first !== undefined) return first;
  const key = (model.key && keys.get(model.key)) ?? keyNamed(keys, bound(seeding, model.keyId));
  if (key === undefined) return 'its key is not one that was made here';
  const unknown: string[] = [];
  const terms = termsOf(seeding, model, unknown);
  if (unknown.length > 0) return `not known before deployment: ${unknown.join(', ')}`;
  const strange = terms.operations.filter((name) => !GRANT_OPERATIONS.some((one) => one === name));
  if (strange.length > 0) return `no grant holds ${strange.join(', ')}`;
  const problem = problemOfTerms(terms) ?? problemWithKey(terms, key);
  if (problem !== undefined) return problem;
  const name = model.grantName && bound(seeding, model.grantName);
  addGrant(key, { terms, name, label: model.constructPath, account: placeOf(seeding, model).account }, seeding.now);
  return undefined;
}

function keyNamed(keys: ReadonlyMap<KeyModel, Key>, keyId: string | undefined): Key | undefined {
  return [...keys.values()].find(({ id, arn }) => id === keyId || arn === keyId);
}

const PRINCIPALS = [
  'granteePrincipal',
  'granteeServicePrincipal',
  'retiringPrincipal',
  'retiringServicePrincipal',
] as const;

function termsOf(seeding: Seeding, { grant }: GrantModel, unknown: string[]): GrantTerms {
  const read = (value: Parameters<typeof bound>[1]) => {
    const known = bound(seeding, value);
    if (known === undefined) unknown.push(valueInWords(value));
    return known ?? '';
  };
  const { encryptionContextEquals: equals, encryptionContextSubset: subset, sourceArn } = grant.constraints ?? {};
  const context = (pairs: NonNullable<typeof equals>) =>
    new Map(Object.entries(pairs).map(([name, value]) => [name, read(value)]));
  const principals = PRINCIPALS.flatMap((member) => {
    const value = grant[member];
    return value === undefined ? [] : [[member, read(value)] as const];
  });
  return {
    ...Object.fromEntries(principals),
    operations: grant.operations,
    ...(equals && { encryptionContextEquals: context(equals) }),
    ...(subset && { encryptionContextSubset: context(subset) }),
    ...(sourceArn !== undefined && { sourceArn: read(sourceArn) }),
  };
}
