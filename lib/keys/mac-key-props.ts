import { maybe, type Shape, text } from '../private/shape';
import { CUSTOMER_MANAGED_KEY, type CustomerManagedKeyProps } from './customer-managed-key-props';
import type { MacKeySpec } from './specs';

/** Properties of a `MacKey`. */
export interface MacKeyProps extends CustomerManagedKeyProps {
  /**
   * Hash function of the HMAC. It cannot be changed: CloudFormation refuses the update.
   *
   * @default MacKeySpec.HMAC_256
   */
  readonly keySpec?: MacKeySpec;
}

export const MAC_KEY: Shape<MacKeyProps> = {
  ...CUSTOMER_MANAGED_KEY,
  keySpec: maybe(text),
};
