import { Construct } from 'constructs';
import { AsymmetricEncryptionKeyGrants } from '../grants/asymmetric-encryption-key-grants';
import { requireShape } from '../private/shape';
import { aliasesOf } from './aliases-of';
import { ASYMMETRIC_ENCRYPTION_KEY, type AsymmetricEncryptionKeyProps } from './asymmetric-encryption-key-props';
import { CustomerManagedKey } from './customer-managed-key';
import { declareKey } from './declared-key';
import type { IAsymmetricEncryptionKey } from './i-asymmetric-encryption-key';
import { environmentOf, type ImportedKeyAttributes, importKey, importKeyByAlias, lookUpKeyArn } from './imported-key';
import { AsymmetricEncryptionKeySpec } from './specs';

/**
 * A customer managed key pair for encryption: anybody with the public key encrypts, KMS decrypts.
 *
 * It takes no encryption context and does not rotate, and AWS services do not encrypt with it. Prefer an `EncryptionKey`
 * unless whoever encrypts cannot call KMS.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/symmetric-asymmetric.html
 */
export class AsymmetricEncryptionKey extends CustomerManagedKey implements IAsymmetricEncryptionKey {
  /**
   * An asymmetric encryption key that exists already.
   *
   * @param keyArn `arn:aws:kms:<region>:<account>:key/<key id>`
   * @throws when it is no ARN of a key, for instance that of an alias
   */
  public static fromKeyArn(scope: Construct, id: string, keyArn: string): IAsymmetricEncryptionKey {
    return new Imported(scope, id, { keyArn });
  }

  /**
   * An asymmetric encryption key that exists already, with what is known of its key policy.
   *
   * @param attributes the ARN of the key, and what is known of its key policy
   * @throws when `keyArn` is no ARN of a key
   */
  public static fromKeyAttributes(
    scope: Construct,
    id: string,
    attributes: ImportedKeyAttributes,
  ): IAsymmetricEncryptionKey {
    return new Imported(scope, id, attributes);
  }

  /**
   * An asymmetric encryption key of this account and Region, by an alias that is resolved when a request is made.
   *
   * Permissions are given on whatever key has the alias then, by the condition `kms:ResourceAliases`: whoever may change
   * aliases decides which key that is. Its `keyArn` is the ARN of the alias, which not every AWS service takes.
   *
   * @param aliasName with or without `alias/`
   * @throws for a name that no customer managed key can have
   */
  public static fromAliasName(scope: Construct, id: string, aliasName: string): IAsymmetricEncryptionKey {
    return new ImportedByAlias(scope, id, aliasName);
  }

  /**
   * An asymmetric encryption key that synthesis finds in the account by its alias. The stack needs a known account and
   * Region.
   *
   * @param aliasName with or without `alias/`
   * @throws for a name that no customer managed key can have
   */
  public static fromLookup(scope: Construct, id: string, aliasName: string): IAsymmetricEncryptionKey {
    const found = new Construct(scope, id);
    return new Imported(found, 'Key', { keyArn: lookUpKeyArn(found, aliasName) });
  }

  /** The key spec. */
  public readonly keySpec: AsymmetricEncryptionKeySpec;

  /** Name of the first alias with its prefix, `alias/orders`; undefined for a key without alias. */
  public readonly aliasName?: string;

  /**
   * @throws for a property of another type, and when the application has something else under the id of a stack of replicas;
   * what else is wrong is reported at synthesis
   */
  constructor(scope: Construct, id: string, props: AsymmetricEncryptionKeyProps = {}) {
    super(scope, id);
    requireShape(this.node.path, props, ASYMMETRIC_ENCRYPTION_KEY);
    this.keySpec = props.keySpec ?? AsymmetricEncryptionKeySpec.RSA_4096;
    declareKey(this, props, {
      spec: this.keySpec,
      specs: Object.values(AsymmetricEncryptionKeySpec),
      usage: 'ENCRYPT_DECRYPT',
    });
    this.aliasName = aliasesOf(this, props);
  }

  /** Permissions on this key, each written where it takes effect. */
  public get grants(): AsymmetricEncryptionKeyGrants {
    return new AsymmetricEncryptionKeyGrants(this);
  }
}

const KIND = { usage: 'ENCRYPT_DECRYPT', symmetric: false } as const;

class Imported extends CustomerManagedKey implements IAsymmetricEncryptionKey {
  constructor(scope: Construct, id: string, attributes: ImportedKeyAttributes) {
    super(scope, id, environmentOf(scope, id, attributes));
    importKey(this, attributes, KIND);
  }

  public get grants(): AsymmetricEncryptionKeyGrants {
    return new AsymmetricEncryptionKeyGrants(this);
  }
}

class ImportedByAlias extends CustomerManagedKey implements IAsymmetricEncryptionKey {
  constructor(scope: Construct, id: string, aliasName: string) {
    super(scope, id);
    importKeyByAlias(this, aliasName, KIND);
  }

  public get grants(): AsymmetricEncryptionKeyGrants {
    return new AsymmetricEncryptionKeyGrants(this);
  }
}
