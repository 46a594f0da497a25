import type * as kms from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';

/** The keys of all generations, by what they may still do. */
export interface GenerationSet<K extends kms.IKey = kms.IKey> {
  readonly currentId: string;
  readonly current: K;
  /** The current one, and those that are active besides. */
  readonly active: readonly K[];
  /** All that are not retired: the current one first, then from the newest to the oldest. */
  readonly live: readonly K[];
  /** Every generation, in the order of the declaration. */
  readonly byId: ReadonlyMap<string, K>;
  /** Full name of the alias. */
  readonly aliasName?: string;
}

/** What is known about the generations of this application, by their constructs. */
const declared = new WeakMap<IConstruct, GenerationSet>();

/** Keeps what is known about generations. */
export function rememberGenerations(scope: IConstruct, set: GenerationSet): void {
  declared.set(scope, set);
}

/** What is known about generations; every construct of them has been remembered when it was made. */
export function generationsOf(scope: IConstruct): GenerationSet {
  const set = declared.get(scope);
  if (set === undefined) {
    throw new Error(`${scope.node.path}: these are no key generations of cdk-keysmith`);
  }
  return set;
}
