export type { EncryptionContext } from './context.ts';
export type { CacheLimits, Direction } from './contract.ts';
export {
  type Decryptor,
  type Disposal,
  decryptor,
  type Encryptor,
  type Envelope,
  encryptor,
  envelope,
} from './envelope.ts';
export {
  EnvelopeError,
  type EnvelopeErrorCode,
  type EnvelopeErrorDetails,
  ERROR_CODES,
  type ErrorCodeInfo,
} from './errors.ts';
export type { KmsClient, KmsCommand } from './kms/client.ts';
export type { EnvelopeOptions, EnvironmentOptions, ExplicitOptions, RuntimeOptions } from './options.ts';
