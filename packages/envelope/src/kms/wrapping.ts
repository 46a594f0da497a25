import { parseAliasArn, parseKeyArn } from '../arn.ts';
import { EnvelopeError } from '../errors.ts';
import type { Monitor } from '../stats.ts';
import type { DataKeyWrapping, EncryptedDataKey, UnwrapRequest } from '../wrapping.ts';
import { type KmsAccess, type KmsCalls, kmsCalls, type WrappedByKms } from './calls.ts';
import { discoveredKeys, type KeyMatch, type KmsDiscovery, namedKeys, namedOrReplicas } from './matching.ts';

/** Provider id of data keys that KMS wrapped: AWS Encryption SDK specification, framework/aws-kms/aws-kms-keyring.md. */
const PROVIDER_ID = 'aws-kms';

/** Which KMS keys wrap and unwrap, and who asks KMS. */
export interface KmsWrappingOptions extends Omit<KmsAccess, 'monitor'> {
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
 * Data keys wrapped by KMS keys.
 * @param options - which keys, and who asks KMS
 * @param monitor - takes note of every call. Default: nobody does
 * @throws EnvelopeError `CONFIG` when keys are no ARNs, are named twice, or there are none at all
 */
export function kmsWrapping(options: KmsWrappingOptions, monitor?: Monitor): DataKeyWrapping {
  const { wrapKeys = [], unwrapKeys = [], replicas = 'refuse', discovery } = options;
  requireSound(options);
  const calls = kmsCalls({ ...options, monitor });
  const match = matchOf(options);
  const readers = discovery === undefined ? `${unwrapKeys.length} keys in unwrapKeys` : 'accounts in discovery';
  return {
    identity: JSON.stringify([PROVIDER_ID, wrapKeys, unwrapKeys, replicas, discovery ?? null]),

    async wrapDataKey({ context, dataKeyLength, signal }) {
      const [generator, ...others] = wrapKeys;
      if (generator === undefined)
        throw new EnvelopeError('CONFIG', 'wrapKeys is empty; it needs at least one key ARN');
      const { dataKey, ...first } = await calls.generateDataKey(generator, dataKeyLength, context, signal);
      try {
        const further = await Promise.all(others.map((keyArn) => calls.encrypt(keyArn, dataKey, context, signal)));
        return { dataKey, encryptedDataKeys: [first, ...further].map(encryptedDataKey) };
      } catch (error) {
        dataKey.fill(0);
        throw error;
      }
    },

    unwrapDataKey: (request) => unwrap(calls, match, readers, request),
  };
}

function encryptedDataKey({ keyArn, ciphertext }: WrappedByKms): EncryptedDataKey {
  return { providerId: PROVIDER_ID, providerInfo: new TextEncoder().encode(keyArn), ciphertext };
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

async function unwrap(calls: KmsCalls, match: KeyMatch, readers: string, request: UnwrapRequest): Promise<Uint8Array> {
  const failures: EnvelopeError[] = [];
  for (const { providerId, providerInfo, ciphertext } of request.encryptedDataKeys) {
    if (providerId !== PROVIDER_ID) continue;
    // Latin-1 keeps every byte apart, so that nothing but the very bytes of an allowed ARN equals it.
    const keyArn = match(Buffer.from(providerInfo).toString('latin1'));
    if (keyArn === undefined) continue;
    try {
      return await calls.decrypt(keyArn, ciphertext, request.dataKeyLength, request.context, request.signal);
    } catch (error) {
      if (!(error instanceof EnvelopeError)) throw error;
      failures.push(error);
      if (request.signal?.aborted === true) break;
    }
  }
  throw combined(failures, readers);
}

/** One error for all that was tried. What may succeed later decides, since then the whole may succeed later. */
function combined(failures: readonly EnvelopeError[], readers: string): EnvelopeError {
  const decisive = failures.find((failure) => failure.retryable) ?? failures[0];
  if (decisive === undefined) {
    return new EnvelopeError(
      'KEY_NOT_ALLOWED',
      `the data key of the message is wrapped by none of the ${readers}; KMS was not called`,
    );
  }
  if (failures.length === 1) return decisive;
  const { keyArn, action, cause } = decisive;
  return new EnvelopeError(decisive.code, failures.map((failure) => failure.message).join('; '), {
    ...(keyArn === undefined ? {} : { keyArn }),
    ...(action === undefined ? {} : { action }),
    ...(cause === undefined ? {} : { cause }),
  });
}
