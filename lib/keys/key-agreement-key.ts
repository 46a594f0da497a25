import type { Construct } from 'constructs';
import { KeyAgreementKeyGrants } from '../grants/key-agreement-key-grants';
import { CustomerManagedKey } from './customer-managed-key';
import { declareKey } from './declared-key';
import { aliasOf } from './first-alias';
import type { KeyAgreementKeyProps } from './key-agreement-key-props';
import { KeyAgreementKeySpec } from './specs';

/**
 * A customer managed key pair that derives secrets shared with the owner of another key pair (ECDH).
 *
 * It does not rotate: another secret needs another key.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/offline-operations.html
 */
export class KeyAgreementKey extends CustomerManagedKey {
  /** The key spec. */
  public readonly keySpec: KeyAgreementKeySpec;

  /** Name of the first alias with its prefix, `alias/orders`; undefined for a key without alias. */
  public readonly aliasName?: string;

  constructor(scope: Construct, id: string, props: KeyAgreementKeyProps = {}) {
    super(scope, id);
    this.keySpec = props.keySpec ?? KeyAgreementKeySpec.ECC_NIST_P256;
    declareKey(this, props, { spec: this.keySpec, specs: Object.values(KeyAgreementKeySpec), usage: 'KEY_AGREEMENT' });
    this.aliasName = aliasOf(this, props.alias);
  }

  /** Permissions on this key, each written where it takes effect. */
  public get grants(): KeyAgreementKeyGrants {
    return new KeyAgreementKeyGrants(this);
  }
}
