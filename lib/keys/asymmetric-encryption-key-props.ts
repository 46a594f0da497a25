import { maybe, type Shape, text } from '../private/shape';
import { CUSTOMER_MANAGED_KEY, type CustomerManagedKeyProps } from './customer-managed-key-props';
import type { AsymmetricEncryptionKeySpec } from './specs';

/** Properties of an `AsymmetricEncryptionKey`. */
export interface AsymmetricEncryptionKeyProps extends CustomerManagedKeyProps {
  /**
   * RSA of 2,048, 3,072 or 4,096 bits, or SM2 in the China Regions. It cannot be changed: CloudFormation refuses the update.
   *
   * @default AsymmetricEncryptionKeySpec.RSA_4096
   */
  readonly keySpec?: AsymmetricEncryptionKeySpec;
}

export const ASYMMETRIC_ENCRYPTION_KEY: Shape<AsymmetricEncryptionKeyProps> = {
  ...CUSTOMER_MANAGED_KEY,
  keySpec: maybe(text),
};
