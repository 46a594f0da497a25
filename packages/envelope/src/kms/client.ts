import type { DecryptCommand, EncryptCommand, GenerateDataKeyCommand } from '@aws-sdk/client-kms';
import { fail } from '../errors.ts';

/** The KMS requests that this package makes. */
export type KmsCommand = DecryptCommand | EncryptCommand | GenerateDataKeyCommand;

/** What this package needs of a KMS client. `KMSClient` of `@aws-sdk/client-kms` has it. */
export interface KmsClient {
  /** Sends one command and answers with its output. */
  send(command: KmsCommand, options?: { abortSignal?: AbortSignal }): Promise<unknown>;
}

/** The client for the keys of one Region, such as `eu-west-1`. Asked once for each Region, up to 64 of them. */
export type KmsClientForRegion = (region: string) => KmsClient;

/** The peer dependency. */
export type Sdk = typeof import('@aws-sdk/client-kms');

let sdk: Sdk | undefined;

/** The peer dependency, loaded when a KMS call is about to be made for the first time. */
export async function loadSdk(): Promise<Sdk> {
  try {
    // Asked for again, even a module that is there takes longer than encrypting a small message.
    sdk ??= await import('@aws-sdk/client-kms');
    return sdk;
  } catch (cause) {
    return fail('CONFIG', '@aws-sdk/client-kms cannot be loaded; install it', { cause });
  }
}

/** Clients kept at once: more than AWS has Regions. */
const MAX_CLIENTS = 64;

/**
 * The client for a key: the caller's own, or one with the SDK's defaults for each Region that is asked for.
 * @throws EnvelopeError `CONFIG` when the SDK is not there, or when the caller's function makes no client
 */
export function clientSupplier(
  own: KmsClient | KmsClientForRegion | undefined,
): (keyArn: string) => Promise<KmsClient> {
  const clients = new Map<string, KmsClient>();
  return async (keyArn) => {
    if (typeof own === 'object') return own;
    const region = keyArn.split(':', 4)[3] ?? '';
    const known = clients.get(region);
    if (known !== undefined) return known;
    const client = own === undefined ? new (await loadSdk()).KMSClient({ region }) : own(region);
    if (typeof client?.send !== 'function') fail('CONFIG', `kms answered for Region ${region} with no KMS client`);
    // With discovery, messages name Regions, also some that do not exist.
    if (clients.size >= MAX_CLIENTS) clients.clear();
    clients.set(region, client);
    return client;
  };
}

/**
 * Makes the SDK's answer the last one no more that a regular expression was tried on. The SDK so checks the base64 text of
 * the data key, and until there is another match everybody can read it as `RegExp.input`.
 */
export function forgetLastMatch(): void {
  /^/.test('');
}
