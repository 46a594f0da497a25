import { areReplicas, type KmsArn, parseKeyArn } from '../arn.ts';
import type { KeyMatch } from './keys.ts';

/** Which keys may unwrap without being named one by one: all keys of these accounts. */
export interface KmsDiscovery {
  /** Partition of the keys: `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
  /** Account ids, at least one. */
  readonly accounts: readonly string[];
  /**
   * The Region whose KMS is asked, and no other: for a multi-Region key its replica there, for another key only when it
   * is there. Default: the Region that the message names.
   */
  readonly region?: string;
}

/** Exactly the keys named. */
export function namedKeys(unwrapKeys: readonly string[]): KeyMatch {
  const allowed: ReadonlySet<string> = new Set(unwrapKeys);
  return (keyArn) => (allowed.has(keyArn) ? keyArn : undefined);
}

/**
 * The keys named, and for the replicas of a multi-Region key the replica that is named: specification,
 * framework/aws-kms/aws-kms-mrk-match-for-decrypt.md.
 */
export function namedOrReplicas(unwrapKeys: readonly string[]): KeyMatch {
  const exactly = namedKeys(unwrapKeys);
  return (keyArn) => exactly(keyArn) ?? replicaAmong(unwrapKeys, parseKeyArn(keyArn));
}

function replicaAmong(unwrapKeys: readonly string[], key: KmsArn | undefined): string | undefined {
  if (key === undefined) return undefined;
  return unwrapKeys.find((named) => {
    const parsed = parseKeyArn(named);
    return parsed !== undefined && areReplicas(parsed, key);
  });
}

/** The keys of the accounts named: specification, framework/aws-kms/aws-kms-mrk-discovery-keyring.md. */
export function discoveredKeys({ partition, accounts, region }: KmsDiscovery): KeyMatch {
  return (keyArn) => {
    const key = parseKeyArn(keyArn);
    if (key === undefined || key.partition !== partition || !accounts.includes(key.account)) return undefined;
    if (region === undefined || key.region === region) return keyArn;
    return key.id.startsWith('mrk-') ? `arn:${partition}:kms:${region}:${key.account}:key/${key.id}` : undefined;
  };
}
