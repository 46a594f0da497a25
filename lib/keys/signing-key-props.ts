import { flag, maybe, type Shape, text } from '../private/shape';
import { CUSTOMER_MANAGED_KEY, type CustomerManagedKeyProps } from './customer-managed-key-props';
import type { SigningKeySpec } from './specs';

/** Properties of a `SigningKey`. */
export interface SigningKeyProps extends CustomerManagedKeyProps {
  /**
   * Algorithm and size. It cannot be changed: CloudFormation refuses the update.
   */
  readonly keySpec: SigningKeySpec;

  /**
   * Whether a resource that is given this key, and whose AWS service needs a statement of the key policy, brings the
   * statement along: the DNSSEC key signing key of a hosted zone. `KeyServices.optOut(resource)` keeps single resources
   * out.
   *
   * @default true
   */
  readonly automaticServiceAccess?: boolean;
}

export const SIGNING_KEY: Shape<SigningKeyProps> = {
  ...CUSTOMER_MANAGED_KEY,
  keySpec: text,
  automaticServiceAccess: maybe(flag),
};
