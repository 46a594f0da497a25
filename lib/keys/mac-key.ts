import type { Construct } from 'constructs';
import { MacKeyGrants } from '../grants/mac-key-grants';
import { CustomerManagedKey } from './customer-managed-key';
import { declareKey } from './declared-key';
import { aliasOf } from './first-alias';
import type { MacKeyProps } from './mac-key-props';
import { MacKeySpec } from './specs';

/**
 * A customer managed key for message authentication codes (HMAC), whose material never leaves KMS.
 *
 * It does not rotate: new codes under new material need another key.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/hmac.html
 */
export class MacKey extends CustomerManagedKey {
  /** The key spec. */
  public readonly keySpec: MacKeySpec;

  /** Name of the first alias with its prefix, `alias/orders`; undefined for a key without alias. */
  public readonly aliasName?: string;

  constructor(scope: Construct, id: string, props: MacKeyProps = {}) {
    super(scope, id);
    this.keySpec = props.keySpec ?? MacKeySpec.HMAC_256;
    declareKey(this, props, { spec: this.keySpec, specs: Object.values(MacKeySpec), usage: 'GENERATE_VERIFY_MAC' });
    this.aliasName = aliasOf(this, props.alias);
  }

  /** Permissions on this key, each written where it takes effect. */
  public get grants(): MacKeyGrants {
    return new MacKeyGrants(this);
  }
}
