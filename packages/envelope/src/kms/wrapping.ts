import { parseAliasArn, parseKeyArn } from '../arn.ts';
import { EnvelopeError } from '../errors.ts';
import type { DataKeyWrapping } from '../wrapping.ts';
import type { KmsAccess } from './calls.ts';
import { type KeyMatch, wrappedByKms } from './keys.ts';
import { discoveredKeys, type KmsDiscovery, namedKeys, namedOrReplicas } from './matching.ts';

/** Which KMS keys wrap and unwrap, and who asks KMS. */
export interface KmsWrappingOptions extends KmsAccess {
  /**
   * Key ARNs; the first one generates data keys, the others wrap them too. An alias ARN stands for the key that it
   * points at when a data key is made. Default: none, for reading only.
   */
  readonly wrapKeys?: readonly string[];
  /** Key ARNs; a data key that none of them wrapped is refused before KMS is called. Default: none. */
  readonly unwrapKeys?: readonly string[];
  /**
   * `'read'`: a key of `unwrapKeys` also unwraps what another replica of the same multi-Region key wrapped.
   * Default: `'refuse'`.
   */
  readonly replicas?: 'refuse' | 'read';
  /** Instead of `unwrapKeys`: all keys of these accounts unwrap. Whoever can write with one of them is then trusted. */
  readonly discovery?: KmsDiscovery;
}

/**
 * Data keys wrapped by KMS keys that a list of key ARNs does not name: by alias, as replicas, or by account.
 * @param options - which keys, and who asks KMS
 * @throws EnvelopeError `CONFIG` when keys are no ARNs, are named twice, or there are none at all
 */
export function kmsWrapping(options: KmsWrappingOptions): DataKeyWrapping {
  const { wrapKeys = [], unwrapKeys = [], discovery } = options;
  requireSound(options);
  const keys = {
    wrapKeys,
    match: matchOf(options),
    readers: discovery === undefined ? `${unwrapKeys.length} keys in unwrapKeys` : 'accounts in discovery',
    isAnswerOf,
  };
  return wrappedByKms(keys, options);
}

/** An alias is answered for by a key of its own account and Region; which one is for KMS to say. */
function isAnswerOf(answered: string, asked: string): boolean {
  const [alias, key] = [parseAliasArn(asked), parseKeyArn(answered)];
  if (alias === undefined) return answered === asked;
  if (key === undefined) return false;
  return alias.partition === key.partition && alias.region === key.region && alias.account === key.account;
}

function matchOf({ unwrapKeys = [], replicas, discovery }: KmsWrappingOptions): KeyMatch {
  if (discovery !== undefined) return discoveredKeys(discovery);
  return replicas === 'read' ? namedOrReplicas(unwrapKeys) : namedKeys(unwrapKeys);
}
function requireSound({ wrapKeys = [], unwrapKeys = [], replicas, discovery }: KmsWrappingOptions): void {
  const problems: string[] = [];
  for (const [index, key] of wrapKeys.entries()) {
    if (parseKeyArn(key) === undefined && parseAliasArn(key) === undefined) {
      problems.push(`wrapKeys[${index}] is neither a key ARN nor an alias ARN`);
    }
  }
  for (const [index, key] of unwrapKeys.entries()) {
    if (parseKeyArn(key) === undefined) problems.push(`unwrapKeys[${index}] is not a key ARN`);
  }
  for (const [name, keys] of Object.entries({ wrapKeys, unwrapKeys })) {
    if (new Set(keys).size < keys.length) problems.push(`${name} names a key twice`);
  }
  if (replicas === 'read' && ambiguous(unwrapKeys)) {
    problems.push('unwrapKeys names two replicas of one multi-Region key; with replicas "read", name one of them');
  }
  if (discovery !== undefined) {
    if (unwrapKeys.length > 0) problems.push('discovery and unwrapKeys exclude each other');
    if (!/^[a-z0-9-]{1,32}$/.test(discovery.partition)) problems.push('discovery.partition is no partition, like aws');
    if (discovery.accounts.length === 0 || discovery.accounts.some((account) => !/^[0-9]{12}$/.test(account))) {
      problems.push('discovery.accounts is not a list of account ids of 12 digits, at least one');
    }
  }
  if (wrapKeys.length + unwrapKeys.length === 0 && discovery === undefined) {
    problems.push('wrapKeys, unwrapKeys and discovery are all missing');
  }
  if (problems.length > 0) throw new EnvelopeError('CONFIG', `KMS wrapping: ${problems.join('; ')}`);
}

/** Two replicas of one key would leave it open which of them is asked. */
function ambiguous(unwrapKeys: readonly string[]): boolean {
  const ids = unwrapKeys.flatMap((key) => {
    const parsed = parseKeyArn(key);
    return parsed?.id.startsWith('mrk-') ? [`${parsed.partition}:${parsed.account}:${parsed.id}`] : [];
  });
  return new Set(ids).size < ids.length;
}
