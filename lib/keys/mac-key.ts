import { Construct } from 'constructs';
import { MacKeyGrants } from '../grants/mac-key-grants';
import { requireShape } from '../private/shape';
import { aliasesOf } from './aliases-of';
import { CustomerManagedKey } from './customer-managed-key';
import { declareKey } from './declared-key';
import type { IMacKey } from './i-mac-key';
import { environmentOf, type ImportedKeyAttributes, importKey, importKeyByAlias, lookUpKeyArn } from './imported-key';
import { MAC_KEY, type MacKeyProps } from './mac-key-props';
import { MacKeySpec } from './specs';

/**
 * A customer managed key for message authentication codes (HMAC), whose material never leaves KMS.
 *
 * It does not rotate: new codes under new material need another key.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/hmac.html
 */
export class MacKey extends CustomerManagedKey implements IMacKey {
  /**
   * A MAC key that exists already.
   *
   * @param keyArn `arn:aws:kms:<region>:<account>:key/<key id>`
   * @throws when it is no ARN of a key, for instance that of an alias
   */
  public static fromKeyArn(scope: Construct, id: string, keyArn: string): IMacKey {
    return new Imported(scope, id, { keyArn });
  }

  /**
   * A MAC key that exists already, with what is known of its key policy.
   *
   * @param attributes the ARN of the key, and what is known of its key policy
   * @throws when `keyArn` is no ARN of a key
   */
  public static fromKeyAttributes(scope: Construct, id: string, attributes: ImportedKeyAttributes): IMacKey {
    return new Imported(scope, id, attributes);
  }

  /**
   * A MAC key of this account and Region, by an alias that is resolved when a request is made.
   *
   * Permissions are given on whatever key has the alias then, by the condition `kms:ResourceAliases`: whoever may change
   * aliases decides which key that is. Its `keyArn` is the ARN of the alias, which not every AWS service takes.
   *
   * @param aliasName with or without `alias/`
   * @throws for a name that no customer managed key can have
   */
  public static fromAliasName(scope: Construct, id: string, aliasName: string): IMacKey {
    return new ImportedByAlias(scope, id, aliasName);
  }

  /**
   * A MAC key that synthesis finds in the account by its alias. The stack needs a known account and Region.
   *
   * @param aliasName with or without `alias/`
   * @throws for a name that no customer managed key can have
   */
  public static fromLookup(scope: Construct, id: string, aliasName: string): IMacKey {
    const found = new Construct(scope, id);
    return new Imported(found, 'Key', { keyArn: lookUpKeyArn(found, aliasName) });
  }

  /** The key spec. */
  public readonly keySpec: MacKeySpec;

  /** Name of the first alias with its prefix, `alias/orders`; undefined for a key without alias. */
  public readonly aliasName?: string;

  /**
   * @throws for a property of another type, and when the application has something else under the id of a stack of replicas;
   * what else is wrong is reported at synthesis
   */
  constructor(scope: Construct, id: string, props: MacKeyProps = {}) {
    super(scope, id);
    requireShape(this.node.path, props, MAC_KEY);
    this.keySpec = props.keySpec ?? MacKeySpec.HMAC_256;
    declareKey(this, props, { spec: this.keySpec, specs: Object.values(MacKeySpec), usage: 'GENERATE_VERIFY_MAC' });
    this.aliasName = aliasesOf(this, props);
  }

  /** Permissions on this key, each written where it takes effect. */
  public get grants(): MacKeyGrants {
    return new MacKeyGrants(this);
  }
}

const KIND = { usage: 'GENERATE_VERIFY_MAC', symmetric: true } as const;

class Imported extends CustomerManagedKey implements IMacKey {
  constructor(scope: Construct, id: string, attributes: ImportedKeyAttributes) {
    super(scope, id, environmentOf(scope, id, attributes));
    importKey(this, attributes, KIND);
  }

  public get grants(): MacKeyGrants {
    return new MacKeyGrants(this);
  }
}

class ImportedByAlias extends CustomerManagedKey implements IMacKey {
  constructor(scope: Construct, id: string, aliasName: string) {
    super(scope, id);
    importKeyByAlias(this, aliasName, KIND);
  }

  public get grants(): MacKeyGrants {
    return new MacKeyGrants(this);
  }
}
