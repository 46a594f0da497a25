import { type Assembly, type Binding, bindValue, type KeyModel, type Located, type Value } from '@cdk-keysmith/access';
import type { Store } from '../state/store.ts';
import type { Environment } from './binding.ts';
import { known } from './binding.ts';
import type { AppChange } from './change.ts';
import type { Declared, DeclaredAlias, DeclaredGrant, DeclaredKey, ResourceName } from './declared.ts';
import type { FixedKey } from './fixed.ts';

/** What every part of the seeding works with. */
export interface Seeding {
  readonly assembly: Assembly;
  /** What no template says of a key. */
  readonly fixed: ReadonlyMap<KeyModel, FixedKey>;
  /** Path of the seed file; undefined: there is none. */
  readonly seedFile: string | undefined;
  readonly binding: Binding;
  readonly defaults: Environment;
  readonly store: Store;
  readonly now: Date;
  /** What could not be made or changed, each with its construct path and why. Grows while seeding. */
  readonly problems: string[];
  /** What the app declared before. */
  readonly before: Declared;
  /** What it declares now. Grows while seeding. */
  readonly declared: {
    readonly keys: Map<ResourceName, DeclaredKey>;
    readonly aliases: Map<ResourceName, DeclaredAlias>;
    readonly grants: Map<ResourceName, DeclaredGrant>;
  };
  /** Grows while seeding. */
  readonly changes: AppChange[];
}

/** A string of the template with everything put in its place, or undefined where a part of it stays unknown. */
export function bound({ binding }: Pick<Seeding, 'binding'>, value: Value): string | undefined {
  return known(bindValue(value, binding));
}

/** Account and Region of a thing; the defaults stand for what the app leaves open. */
export function placeOf(seeding: Seeding, { account, region }: Pick<Located, 'account' | 'region'>): Environment {
  const { defaults } = seeding;
  return { account: bound(seeding, account) ?? defaults.account, region: bound(seeding, region) ?? defaults.region };
}

export function resourceName(seeding: Seeding, located: Located): ResourceName {
  return stackName(seeding, located, located.stack) + located.logicalId;
}

/** What the names of all resources of a stack begin with. */
export function stackName(seeding: Seeding, place: Pick<Located, 'account' | 'region'>, stack: string): string {
  const { account, region } = placeOf(seeding, place);
  return `${account} ${region} ${stack} `;
}

/** What of an earlier declaration is gone. */
export function goneOf<T>(before: ReadonlyMap<ResourceName, T>, now: ReadonlyMap<ResourceName, T>): readonly T[] {
  return [...before].filter(([name]) => !now.has(name)).map(([, declared]) => declared);
}

/** Whether CloudFormation leaves a resource alone that is gone from the app. What is not known is not deleted. */
export function isRetained(seeding: Seeding, deletionPolicy: Value): boolean {
  return bound(seeding, deletionPolicy) !== 'Delete';
}
