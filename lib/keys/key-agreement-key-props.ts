import { maybe, type Shape, text } from '../private/shape';
import { CUSTOMER_MANAGED_KEY, type CustomerManagedKeyProps } from './customer-managed-key-props';
import type { KeyAgreementKeySpec } from './specs';

/** Properties of a `KeyAgreementKey`. */
export interface KeyAgreementKeyProps extends CustomerManagedKeyProps {
  /**
   * Curve. It cannot be changed: CloudFormation refuses the update.
   *
   * @default KeyAgreementKeySpec.ECC_NIST_P256
   */
  readonly keySpec?: KeyAgreementKeySpec;
}

export const KEY_AGREEMENT_KEY: Shape<KeyAgreementKeyProps> = {
  ...CUSTOMER_MANAGED_KEY,
  keySpec: maybe(text),
};
