export { type BatchOptions, type BatchResult, decryptMany, type PickedMessage } from './batch/decrypt-many.ts';
export type { EncryptionContext } from './context.ts';
export type { CacheLimits, Direction } from './contract.ts';
export {
  type CostEstimate,
  estimateCost,
  KMS_DEFAULT_QUOTA,
  KMS_REGION_QUOTAS,
  KMS_USD_PER_10_000_REQUESTS,
  type QuotaShare,
} from './cost.ts';
export { type Diagnosis, doctor, type Finding } from './doctor.ts';
export { type EmbeddedMetricsOptions, embeddedMetrics } from './emf.ts';
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
export type { CacheEvent, EnvelopeEvents, KmsCallEvent, Monitor } from './events.ts';
export { type Fields, type FieldsOptions, fields } from './fields/fields.ts';
export { FIELDS_CONTEXT_NAME } from './fields/plan.ts';
export type { FieldPath, Sealed } from './fields/types.ts';
export { nonCommittingMessages } from './formats/non-committing.ts';
export { nonFramedMessages } from './formats/non-framed.ts';
export { signedMessages } from './formats/signed.ts';
export { unstoredContext } from './formats/unstored-context.ts';
export type { MessageFormat, WritableFormat } from './formats.ts';
export type { PlaintextFormat, PlaintextReader } from './input.ts';
export type { KmsClient, KmsClientForRegion, KmsCommand } from './kms/client.ts';
export type { KmsDiscovery } from './kms/matching.ts';
export { type KmsWrappingOptions, kmsWrapping } from './kms/wrapping.ts';
export type { EnvelopeOptions, EnvironmentOptions, ExplicitOptions, RuntimeOptions } from './options.ts';
export type { CallOptions, MessageOptions, Patience } from './patience.ts';
export { decryptRange, type ReadRange } from './ranged.ts';
export { type RawAesOptions, rawAesWrapping } from './raw/aes.ts';
export { type RawEcdhOptions, rawEcdhReading } from './raw/ecdh.ts';
export { anyOf, type RawKeyNames } from './raw/names.ts';
export { type OaepHash, type RawRsaOptions, rawRsaWrapping } from './raw/rsa.ts';
export { type Inspection, inspect, type WrappingClaim } from './rotation/inspect.ts';
export { type KeyMaterialOptions, keyMaterialOf } from './rotation/key-material.ts';
export {
  type KmsCiphertextOptions,
  type MigrationOptions,
  migrationReader,
  type OlderKind,
} from './rotation/migration.ts';
export { type ReencryptOptions, reencrypt } from './rotation/reencrypt.ts';
export {
  type PickedForReencryption,
  type ReencryptManyOptions,
  type ReencryptProgress,
  type ReencryptStep,
  reencryptMany,
} from './rotation/reencrypt-many.ts';
export { isStale, type MessageFacts, type Staleness, type StalePolicy } from './rotation/stale.ts';
export { type SchemaIssue, type SchemaResult, type StandardSchema, validatedBy } from './schema.ts';
export { type CacheStats, type EnvelopeStats, type KmsStats, statsOf } from './stats.ts';
export type { BytesThrough } from './stream/chunks.ts';
export { type DecryptStream, type DecryptStreamOptions, decryptStream } from './stream/decrypt.ts';
export { type EncryptStream, type EncryptStreamOptions, encryptStream } from './stream/encrypt.ts';
export { type WaitingLimits, within } from './within.ts';
export type {
  DataKeyWrapping,
  EncryptedDataKey,
  UnwrapRequest,
  WrappedDataKey,
  WrapRequest,
} from './wrapping.ts';
