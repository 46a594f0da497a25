import type { Stack } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { CustomerManagedKeyGrants } from '../grants/key-grants';
import type { EncryptionKeyServices } from '../services/encryption-key-services';

/**
 * The key of another Region that belongs to a multi-Region key: the same key id and the same material, a key policy of its
 * own. It can be given to every construct of its Region that takes a `kms.IKey`.
 */
export interface IReplicaKey extends kms.IKey {
  /** Region of the replica. */
  readonly region: string;

  /** The key that it is a replica of. */
  readonly primaryKey: kms.IKey;

  /** The stack that has the replica, beside the stack of the primary key. */
  readonly replicaStack: Stack;

  /**
   * AWS services that may use this replica in its Region, each with the statement that AWS documents for it. Undefined unless
   * it is a symmetric encryption key.
   */
  readonly services?: EncryptionKeyServices;

  /** Permissions on the replica alone. Those on the primary key reach every Region already. */
  readonly grants: CustomerManagedKeyGrants;
}
