import { Stack } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { CustomerManagedKeyGrants } from '../grants/key-grants';
import { CustomerManagedKey } from '../keys/customer-managed-key';
import { serviceHost } from '../keys/service-host';
import { EncryptionKeyServices } from '../services/encryption-key-services';
import type { IReplicaKey } from './i-replica-key';

/** The replica of a key in one Region. */
export class ReplicaKey extends CustomerManagedKey implements IReplicaKey {
  public readonly region: string;
  public readonly primaryKey: kms.IKey;
  public readonly replicaStack: Stack;
  public services?: EncryptionKeyServices;

  constructor(scope: Construct, id: string, primaryKey: kms.IKey) {
    super(scope, id);
    this.replicaStack = Stack.of(this);
    this.region = this.replicaStack.region;
    this.primaryKey = primaryKey;
  }

  public get grants(): CustomerManagedKeyGrants {
    return new CustomerManagedKeyGrants(this);
  }
}

/** Lets AWS services in to the replicas of a symmetric encryption key, as to the key itself. */
export function openReplicas(replicas: readonly IReplicaKey[], automatic: boolean | undefined): void {
  for (const replica of replicas) {
    if (replica instanceof ReplicaKey) {
      replica.services = EncryptionKeyServices._of(serviceHost(replica, automatic));
    }
  }
}
