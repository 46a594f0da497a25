import type { KMSClient, KMSClientConfig } from '@aws-sdk/client-kms';
import { LocalKmsError } from './errors.ts';
import type { LocalCredentials } from './identity/identities.ts';
import type { LocalCaller } from './identity/service.ts';
import type { InProcessHandler } from './server/in-process.ts';

/** What to construct a client of the SDK for JavaScript with: `new KMSClient(kms.clientConfig('Writer'))`. */
export interface ClientConfig {
  readonly region: string;
  readonly endpoint: string;
  /** A function, so that the SDK asks again when temporary credentials end. */
  readonly credentials: () => Promise<LocalCredentials>;
  readonly requestHandler: InProcessHandler;
}

/** Who a client calls as, and whatever else the SDK's own configuration has. */
export interface ClientOptions extends Omit<KMSClientConfig, 'endpoint' | 'credentials' | 'requestHandler'> {
  /** Name of a principal, or an AWS service, as for `credentialsFor`. Default: the administrator. */
  readonly as?: LocalCaller;
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
