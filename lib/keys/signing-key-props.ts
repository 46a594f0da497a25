import type { CustomerManagedKeyProps } from './customer-managed-key-props';
import type { SigningKeySpec } from './specs';

/** Properties of a `SigningKey`. */
export interface SigningKeyProps extends CustomerManagedKeyProps {
  /**
   * Algorithm and size. It cannot be changed: CloudFormation refuses the update.
   */
  readonly keySpec: SigningKeySpec;
}
