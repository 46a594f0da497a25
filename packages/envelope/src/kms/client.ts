import type { DecryptCommand, EncryptCommand, GenerateDataKeyCommand } from '@aws-sdk/client-kms';
import { EnvelopeError } from '../errors.ts';

/** The KMS requests that this package makes. */
export type KmsCommand = DecryptCommand | EncryptCommand | GenerateDataKeyCommand;

/** What this package needs of a KMS client. `KMSClient` of `@aws-sdk/client-kms` has it. */
export interface KmsClient {
  /** Sends one command and answers with its output. */
  send(command: KmsCommand): Promise<unknown>;
}

/** The peer dependency, loaded when a KMS call is about to be made for the first time. */
export async function loadSdk(): Promise<typeof import('@aws-sdk/client-kms')> {
  try {
    return await import('@aws-sdk/client-kms');
  } catch (cause) {
    throw new EnvelopeError('CONFIG', 'the peer dependency @aws-sdk/client-kms cannot be loaded; install it', {
      cause,
    });
  }
}

/**
 * The client for a Region: the caller's own, or one with the SDK's defaults for each Region that is asked for.
 */
export function clientSupplier(own: KmsClient | undefined): (region: string) => Promise<KmsClient> {
  if (own !== undefined) return async () => own;
  const clients = new Map<string, KmsClient>();
  return async (region) => {
    const { KMSClient } = await loadSdk();
    const client = clients.get(region) ?? new KMSClient({ region });
    clients.set(region, client);
    return client;
  };
}
