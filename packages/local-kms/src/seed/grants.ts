import { type GrantModel, type KeyModel, valueInWords } from '@cdk-keysmith/access';
import { GRANT_OPERATIONS, problemOfTerms, problemWithKey } from '../operations/grants.ts';
import { addGrant, type GrantPlan, sameTerms } from '../state/grant.ts';
import type { GrantTerms } from '../state/grant-terms.ts';
import type { Key } from '../state/key.ts';
import type { Store } from '../state/store.ts';
import { bound, placeOf, resourceName, type Seeding } from './context.ts';
import type { DeclaredGrant } from './declared.ts';

/**
 * Makes the grants of the app on its keys. One that is there and says the same stays; one that says another thing is made
 * anew, and the old one revoked, as the custom resource does it. A grant of which anything is unknown is a problem, not a
 * guess.
 */
export function seedGrants(seeding: Seeding, keys: ReadonlyMap<KeyModel, Key>): void {
  for (const model of seeding.assembly.grants) {
    const name = resourceName(seeding, model);
    const before = seeding.before.grants.get(name);
    const problem = seedGrant(seeding, model, keys);
    if (problem === undefined) continue;
    seeding.problems.push(
      `grant ${model.constructPath} was not ${before === undefined ? 'made' : 'changed'}: ${problem}`,
    );
    if (before !== undefined) seeding.declared.grants.set(name, before);
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
  place(seeding, model, key, { terms, name, label: model.constructPath, account: placeOf(seeding, model).account });
  return undefined;
}

function place(seeding: Seeding, model: GrantModel, key: Key, plan: GrantPlan): void {
  const { before, declared, changes, store, now } = seeding;
  const { constructPath } = model;
  const resource = resourceName(seeding, model);
  const old = before.grants.get(resource);
  const there = old?.keyArn === key.arn ? key.grants.get(old.grantId) : undefined;
  const same = there !== undefined && there.name === plan.name && sameTerms(there.terms, plan.terms);
  const { id: grantId } = same ? there : addGrant(key, plan, now);
  declared.grants.set(resource, { constructPath, keyArn: key.arn, grantId });
  if (same) return;
  if (old !== undefined) revoke(store, old);
  changes.push({ kind: 'grant', name: constructPath, change: old === undefined ? 'added' : 'changed', details: [] });
}

/** @returns whether it was still there */
export function revoke({ partitions }: Store, { keyArn, grantId }: DeclaredGrant): boolean {
  return [...partitions.values()].some(({ keys }) =>
    [...keys.values()].some((key) => key.arn === keyArn && key.grants.delete(grantId)),
  );
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
