import { Construct } from 'constructs';
import { SigningKeyGrants } from '../grants/signing-key-grants';
import { requireShape } from '../private/shape';
import { SigningKeyServices } from '../services/signing-key-services';
import { aliasesOf } from './aliases-of';
import { CustomerManagedKey } from './customer-managed-key';
import { declareKey } from './declared-key';
import type { ISigningKey } from './i-signing-key';
import { environmentOf, type ImportedKeyAttributes, importKey, importKeyByAlias, lookUpKeyArn } from './imported-key';
import { serviceHost } from './service-host';
import { SIGNING_KEY, type SigningKeyProps } from './signing-key-props';
import { SigningKeySpec } from './specs';

/**
 * A customer managed key pair for signatures: KMS signs, anybody with the public key verifies.
 *
 * It does not rotate: new signatures under new material need another key.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html
 */
export class SigningKey extends CustomerManagedKey implements ISigningKey {
  /**
   * A signing key that exists already.
   *
   * @param keyArn `arn:aws:kms:<region>:<account>:key/<key id>`
   * @throws when it is no ARN of a key, for instance that of an alias
   */
  public static fromKeyArn(scope: Construct, id: string, keyArn: string): ISigningKey {
    return new Imported(scope, id, { keyArn });
  }

  /**
   * A signing key that exists already, with what is known of its key policy.
   *
   * @param attributes the ARN of the key, and what is known of its key policy
   * @throws when `keyArn` is no ARN of a key
   */
  public static fromKeyAttributes(scope: Construct, id: string, attributes: ImportedKeyAttributes): ISigningKey {
    return new Imported(scope, id, attributes);
  }

  /**
   * A signing key of this account and Region, by an alias that is resolved when a request is made.
   *
   * Permissions are given on whatever key has the alias then, by the condition `kms:ResourceAliases`: whoever may change
   * aliases decides which key that is. Its `keyArn` is the ARN of the alias, which not every AWS service takes.
   *
   * @param aliasName with or without `alias/`
   * @throws for a name that no customer managed key can have
   */
  public static fromAliasName(scope: Construct, id: string, aliasName: string): ISigningKey {
    return new ImportedByAlias(scope, id, aliasName);
  }

  /**
   * A signing key that synthesis finds in the account by its alias. The stack needs a known account and Region.
   *
   * @param aliasName with or without `alias/`
   * @throws for a name that no customer managed key can have
   */
  public static fromLookup(scope: Construct, id: string, aliasName: string): ISigningKey {
    const found = new Construct(scope, id);
    return new Imported(found, 'Key', { keyArn: lookUpKeyArn(found, aliasName) });
  }

  /** The key spec. */
  public readonly keySpec: SigningKeySpec;

  /** Name of the first alias with its prefix, `alias/orders`; undefined for a key without alias. */
  public readonly aliasName?: string;

  /** AWS services that may use this key, each with the statement that AWS documents for it. */
  public readonly services: SigningKeyServices;

  /**
   * @throws for a property of another type, and when the application has something else under the id of a stack of replicas;
   * what else is wrong is reported at synthesis
   */
  constructor(scope: Construct, id: string, props: SigningKeyProps) {
    super(scope, id);
    requireShape(this.node.path, props, SIGNING_KEY);
    this.keySpec = props.keySpec;
    declareKey(this, props, { spec: this.keySpec, specs: Object.values(SigningKeySpec), usage: 'SIGN_VERIFY' });
    this.services = SigningKeyServices._of(serviceHost(this, props.automaticServiceAccess), this.keySpec);
    this.aliasName = aliasesOf(this, props);
  }

  /** Permissions on this key, each written where it takes effect. */
  public get grants(): SigningKeyGrants {
    return new SigningKeyGrants(this);
  }
}

const KIND = { usage: 'SIGN_VERIFY', symmetric: false } as const;

class Imported extends CustomerManagedKey implements ISigningKey {
  constructor(scope: Construct, id: string, attributes: ImportedKeyAttributes) {
    super(scope, id, environmentOf(scope, id, attributes));
    importKey(this, attributes, KIND);
  }

  public get grants(): SigningKeyGrants {
    return new SigningKeyGrants(this);
  }
}

class ImportedByAlias extends CustomerManagedKey implements ISigningKey {
  constructor(scope: Construct, id: string, aliasName: string) {
    super(scope, id);
    importKeyByAlias(this, aliasName, KIND);
  }

  public get grants(): SigningKeyGrants {
    return new SigningKeyGrants(this);
  }
}
