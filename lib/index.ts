export { AliasName } from './aliases/alias-name';
export { KeyAlias } from './aliases/key-alias';
export type { KeyAliasProps } from './aliases/key-alias-props';
export type { KeyDefaultChange } from './defaults/key-default-change';
export { KeyDefaults } from './defaults/key-defaults';
export type { KeyDefaultsProps } from './defaults/key-defaults-props';
export { AwsManagedKey } from './encryption/aws-managed-key';
export { EncryptionChoice } from './encryption/encryption-choice';
export type {
  BucketEncryptionProps,
  DatabaseEncryptionProps,
  FileSystemEncryptionProps,
  LogGroupEncryptionProps,
  QueueEncryptionProps,
  SecretEncryptionProps,
  StreamEncryptionProps,
  TableEncryptionProps,
  TableV2EncryptionProps,
  TopicEncryptionProps,
} from './encryption/encryption-props';
export { Envelope } from './envelope/envelope';
export { EnvelopeLayer, type EnvelopeLayerProps } from './envelope/envelope-layer';
export type { EnvelopeCacheLimits, EnvelopeProps } from './envelope/envelope-props';
export { AsymmetricEncryptionKeyGrants } from './grants/asymmetric-encryption-key-grants';
export { EncryptionKeyGrants } from './grants/encryption-key-grants';
export { GrantOperation } from './grants/grant-operation';
export { GrantPrincipal } from './grants/grant-principal';
export { KeyAgreementKeyGrants } from './grants/key-agreement-key-grants';
export { CustomerManagedKeyGrants } from './grants/key-grants';
export { KmsGrant } from './grants/kms-grant';
export type { KmsGrantProps } from './grants/kms-grant-props';
export { MacKeyGrants } from './grants/mac-key-grants';
export { SigningKeyGrants } from './grants/signing-key-grants';
export { MaterialExpiryAlarm, type MaterialExpiryAlarmProps } from './import/material-expiry-alarm';
export { AsymmetricEncryptionKey } from './keys/asymmetric-encryption-key';
export type { AsymmetricEncryptionKeyProps } from './keys/asymmetric-encryption-key-props';
export { CustomerManagedKey } from './keys/customer-managed-key';
export type { CustomerManagedKeyProps } from './keys/customer-managed-key-props';
export { EncryptionKey } from './keys/encryption-key';
export type { EncryptionKeyProps } from './keys/encryption-key-props';
export type { IAsymmetricEncryptionKey } from './keys/i-asymmetric-encryption-key';
export type { IEncryptionKey } from './keys/i-encryption-key';
export type { IKeyAgreementKey } from './keys/i-key-agreement-key';
export type { IMacKey } from './keys/i-mac-key';
export type { ISigningKey } from './keys/i-signing-key';
export type { ImportedKeyAttributes } from './keys/imported-key';
export { KeyAgreementKey } from './keys/key-agreement-key';
export type { KeyAgreementKeyProps } from './keys/key-agreement-key-props';
export { MacKey } from './keys/mac-key';
export type { MacKeyProps } from './keys/mac-key-props';
export { SigningKey } from './keys/signing-key';
export type { SigningKeyProps } from './keys/signing-key-props';
export { AsymmetricEncryptionKeySpec, KeyAgreementKeySpec, KeyOrigin, MacKeySpec, SigningKeySpec } from './keys/specs';
export { KeyDashboard } from './monitoring/key-dashboard';
export type { KeyDashboardProps } from './monitoring/key-dashboard-props';
export { KeyEvent } from './monitoring/key-event';
export { KeyWatch } from './monitoring/key-watch';
export type { KeyWatchProps } from './monitoring/key-watch-props';
export { KmsRequestQuota } from './monitoring/request-quota';
export { RequestQuotaAlarm } from './monitoring/request-quota-alarm';
export type { RequestQuotaAlarmProps } from './monitoring/request-quota-alarm-props';
export { KmsEndpoint } from './network/kms-endpoint';
export type { KmsEndpointProps } from './network/kms-endpoint-props';
export type { AccessConditions } from './policy/access-conditions';
export { AccountDelegation } from './policy/account-delegation';
export { KeyAccess } from './policy/key-access';
export type { IReplicaKey } from './replicas/i-replica-key';
export type { ReplicaOptions } from './replicas/replica-options';
export { AsymmetricEncryptionKeyGenerations } from './rotation/asymmetric-encryption-key-generations';
export { AsymmetricEncryptionKeyGenerationsGrants } from './rotation/asymmetric-encryption-key-generations-grants';
export type {
  AsymmetricEncryptionKeyGeneration,
  AsymmetricEncryptionKeyGenerationsProps,
} from './rotation/asymmetric-encryption-key-generations-props';
export { EncryptionKeyGenerations } from './rotation/encryption-key-generations';
export { EncryptionKeyGenerationsGrants } from './rotation/encryption-key-generations-grants';
export type {
  EncryptionKeyGeneration,
  EncryptionKeyGenerationsProps,
} from './rotation/encryption-key-generations-props';
export { KeyAgreementKeyGenerations } from './rotation/key-agreement-key-generations';
export { KeyAgreementKeyGenerationsGrants } from './rotation/key-agreement-key-generations-grants';
export type {
  KeyAgreementKeyGeneration,
  KeyAgreementKeyGenerationsProps,
} from './rotation/key-agreement-key-generations-props';
export type { KeyGeneration, KeyGenerationsProps } from './rotation/key-generation';
export { KeyGenerations } from './rotation/key-generations';
export { KeyGenerationsGrants } from './rotation/key-generations-grants';
export { MacKeyGenerations } from './rotation/mac-key-generations';
export { MacKeyGenerationsGrants } from './rotation/mac-key-generations-grants';
export type { MacKeyGeneration, MacKeyGenerationsProps } from './rotation/mac-key-generations-props';
export { OnDemandRotation } from './rotation/on-demand-rotation';
export type { OnDemandRotationProps } from './rotation/on-demand-rotation-props';
export { type RotationSpan, RotationTimes } from './rotation/rotation-times';
export { SigningKeyGenerations } from './rotation/signing-key-generations';
export { SigningKeyGenerationsGrants } from './rotation/signing-key-generations-grants';
export type { SigningKeyGeneration, SigningKeyGenerationsProps } from './rotation/signing-key-generations-props';
export { CallerService } from './services/caller-service';
export { EncryptionKeyServices } from './services/encryption-key-services';
export { KeyServices } from './services/key-services';
export { SigningKeyServices } from './services/signing-key-services';
export { TopicPublisher } from './services/topic-publisher';
