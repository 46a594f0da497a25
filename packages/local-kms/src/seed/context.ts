import { type Assembly, type Binding, bindValue, type Located, type Value } from '@cdk-keysmith/access';
import type { Store } from '../state/store.ts';
import type { Environment } from './binding.ts';
import { known } from './binding.ts';

/** What every part of the seeding works with. */
export interface Seeding {
  readonly assembly: Assembly;
  readonly binding: Binding;
  readonly defaults: Environment;
  readonly store: Store;
  readonly now: Date;
  /** What could not be made, each with its construct path and why. Grows while seeding. */
  readonly problems: string[];
}

/** A string of the template with everything put in its place, or undefined where a part of it stays unknown. */
export function bound({ binding }: Pick<Seeding, 'binding'>, value: Value): string | undefined {
  return known(bindValue(value, binding));
}

/** Account and Region of a thing; the defaults stand for what the app leaves open. */
export function placeOf(seeding: Seeding, { account, region }: Located): Environment {
  const { defaults } = seeding;
  return { account: bound(seeding, account) ?? defaults.account, region: bound(seeding, region) ?? defaults.region };
}
