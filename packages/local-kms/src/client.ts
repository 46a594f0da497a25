import type { KMSClient, KMSClientConfig } from '@aws-sdk/client-kms';
import { LocalKmsError } from './errors.ts';
import type { ClientConfig } from './local-kms.ts';

/** Who a client calls as, and whatever else the SDK's own configuration has. */
export interface ClientOptions extends Omit<KMSClientConfig, 'endpoint' | 'credentials' | 'requestHandler'> {
  /** As for `credentialsFor`. Default: the administrator. */
  readonly as?: string;
}

/** @throws {@link LocalKmsError} `SDK_MISSING` */
export async function clientOf(config: ClientConfig, options: Omit<ClientOptions, 'as'>): Promise<KMSClient> {
  const { KMSClient: Client } = await loadSdk();
  return new Client({ ...config, ...options });
}

async function loadSdk(): Promise<typeof import('@aws-sdk/client-kms')> {
  try {
    return await import('@aws-sdk/client-kms');
  } catch (cause) {
    throw new LocalKmsError('SDK_MISSING', '@aws-sdk/client-kms cannot be loaded; install it', { cause });
  }
}
