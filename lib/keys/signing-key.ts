import type { Construct } from 'constructs';
import { SigningKeyGrants } from '../grants/signing-key-grants';
import { CustomerManagedKey } from './customer-managed-key';
import { declareKey } from './declared-key';
import { aliasOf } from './first-alias';
import type { SigningKeyProps } from './signing-key-props';
import { SigningKeySpec } from './specs';

/**
 * A customer managed key pair for signatures: KMS signs, anybody with the public key verifies.
 *
 * It does not rotate: new signatures under new material need another key.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html
 */
export class SigningKey extends CustomerManagedKey {
  /** The key spec. */
  public readonly keySpec: SigningKeySpec;

  /** Name of the first alias with its prefix, `alias/orders`; undefined for a key without alias. */
  public readonly aliasName?: string;

  constructor(scope: Construct, id: string, props: SigningKeyProps) {
    super(scope, id);
    this.keySpec = props.keySpec;
    declareKey(this, props, { spec: this.keySpec, specs: Object.values(SigningKeySpec), usage: 'SIGN_VERIFY' });
    this.aliasName = aliasOf(this, props.alias);
  }

  /** Permissions on this key, each written where it takes effect. */
  public get grants(): SigningKeyGrants {
    return new SigningKeyGrants(this);
  }
}
