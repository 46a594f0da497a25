import type { IdentifiedKey } from '../state/identify.ts';
import type { Key } from '../state/key.ts';
import type { Store } from '../state/store.ts';
import type { Circumstances } from './circumstances.ts';

/** Everything that condition keys are made from: one call, seen from one of its permissions. */
export interface Question extends Circumstances {
  readonly action: string;
  /** The key that the permission is about; undefined where it is about the account or an alias. */
  readonly target: IdentifiedKey | undefined;
  /** The input after validation. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Id of the grant that RetireGrant is about. */
  readonly grantId: string | undefined;
  readonly sameKey: boolean;
  /** The primary key of the replica that CreateKey is asked for. */
  readonly like: Key | undefined;
  readonly store: Store;
}
