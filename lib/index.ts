export { Envelope } from './envelope/envelope';
export type { EnvelopeCacheLimits, EnvelopeProps } from './envelope/envelope-props';
export { CustomerManagedKey } from './keys/customer-managed-key';
export { EncryptionKey } from './keys/encryption-key';
export type { EncryptionKeyProps } from './keys/encryption-key-props';
export { AccountDelegation } from './policy/account-delegation';
