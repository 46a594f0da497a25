import type { Duration } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { duration, flag, list, maybe, principal, type Shape } from '../private/shape';
import { CUSTOMER_MANAGED_KEY, type CustomerManagedKeyProps } from './customer-managed-key-props';

/** Properties of an `EncryptionKey`. */
export interface EncryptionKeyProps extends CustomerManagedKeyProps {
  /**
   * Principals that may encrypt and decrypt with any encryption context. Prefer an `Envelope`, which binds the context.
   *
   * @default - nobody beyond what `access` and `accountDelegation` give
   */
  readonly users?: iam.IPrincipal[];

  /**
   * Whether KMS makes new key material every `rotationPeriod`. Data encrypted under older material stays readable, and
   * nothing has to be encrypted again.
   *
   * @default true - but for imported material, which KMS cannot rotate on a schedule
   */
  readonly enableKeyRotation?: boolean;

  /**
   * Time between automatic rotations: 90 to 2,560 days.
   *
   * @default Duration.days(365)
   */
  readonly rotationPeriod?: Duration;

  /**
   * Whether a resource that is given this key, and whose AWS service needs a statement of the key policy, brings the
   * statement along: a log group, a trail, an event bus, an alarm for an encrypted topic and others. `services` has a
   * method for each; `KeyServices.optOut(resource)` keeps single resources out.
   *
   * @default true
   */
  readonly automaticServiceAccess?: boolean;
}

export const ENCRYPTION_KEY: Shape<EncryptionKeyProps> = {
  ...CUSTOMER_MANAGED_KEY,
  users: maybe(list(principal)),
  enableKeyRotation: maybe(flag),
  rotationPeriod: maybe(duration),
  automaticServiceAccess: maybe(flag),
};
