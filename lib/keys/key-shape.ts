import type { KeyAccess } from '../policy/key-access';
import type { KeySpecName, KeyUsageName } from './key-specs';

/** What a class of keys adds to what all keys have in common. */
export interface KeyShape {
  readonly spec: KeySpecName;
  readonly usage: KeyUsageName;
  /** The specs that the class has; other languages can pass what TypeScript does not compile. */
  readonly specs: readonly string[];
  /** Days between automatic rotations; undefined where there are none. */
  readonly rotationPeriodInDays?: number;
  /** Entries of the access list that the class has properties of its own for. */
  readonly access?: readonly KeyAccess[];
  /** What is wrong with the properties of the class. */
  readonly problems?: readonly string[];
}
