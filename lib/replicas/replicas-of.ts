import type { IConstruct } from 'constructs';
import type { IReplicaKey } from './i-replica-key';

const replicas = new WeakMap<IConstruct, readonly IReplicaKey[]>();

/** Keeps the replicas of a key. */
export function rememberReplicas(primary: IConstruct, made: readonly IReplicaKey[]): void {
  replicas.set(primary, made);
}

/** The replicas of a key; none for a key that has none, or is one itself. */
export function replicasOf(primary: IConstruct): IReplicaKey[] {
  return [...(replicas.get(primary) ?? [])];
}
