import type { Construct } from 'constructs';
import { AsymmetricEncryptionKeyGrants } from '../grants/asymmetric-encryption-key-grants';
import type { AsymmetricEncryptionKeyProps } from './asymmetric-encryption-key-props';
import { CustomerManagedKey } from './customer-managed-key';
import { declareKey } from './declared-key';
import { aliasOf } from './first-alias';
import { AsymmetricEncryptionKeySpec } from './specs';

/**
 * A customer managed key pair for encryption: anybody with the public key encrypts, KMS decrypts.
 *
 * It takes no encryption context and does not rotate, and AWS services do not encrypt with it. Prefer an `EncryptionKey`
 * unless whoever encrypts cannot call KMS.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/symmetric-asymmetric.html
 */
export class AsymmetricEncryptionKey extends CustomerManagedKey {
  /** The key spec. */
  public readonly keySpec: AsymmetricEncryptionKeySpec;

  /** Name of the first alias with its prefix, `alias/orders`; undefined for a key without alias. */
  public readonly aliasName?: string;

  constructor(scope: Construct, id: string, props: AsymmetricEncryptionKeyProps = {}) {
    super(scope, id);
    this.keySpec = props.keySpec ?? AsymmetricEncryptionKeySpec.RSA_4096;
    declareKey(this, props, {
      spec: this.keySpec,
      specs: Object.values(AsymmetricEncryptionKeySpec),
      usage: 'ENCRYPT_DECRYPT',
    });
    this.aliasName = aliasOf(this, props.alias);
  }

  /** Permissions on this key, each written where it takes effect. */
  public get grants(): AsymmetricEncryptionKeyGrants {
    return new AsymmetricEncryptionKeyGrants(this);
  }
}
