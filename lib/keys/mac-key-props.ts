import type { CustomerManagedKeyProps } from './customer-managed-key-props';
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
