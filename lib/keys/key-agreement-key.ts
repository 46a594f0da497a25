import { Construct } from 'constructs';
import { KeyAgreementKeyGrants } from '../grants/key-agreement-key-grants';
import { requireShape } from '../private/shape';
import { aliasesOf } from './aliases-of';
import { CustomerManagedKey } from './customer-managed-key';
import { declareKey } from './declared-key';
import type { IKeyAgreementKey } from './i-key-agreement-key';
import { environmentOf, type ImportedKeyAttributes, importKey, importKeyByAlias, lookUpKeyArn } from './imported-key';
import { KEY_AGREEMENT_KEY, type KeyAgreementKeyProps } from './key-agreement-key-props';
import { KeyAgreementKeySpec } from './specs';

/**
 * A customer managed key pair that derives secrets shared with the owner of another key pair (ECDH).
 *
 * It does not rotate: another secret needs another key.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/offline-operations.html
 */
export class KeyAgreementKey extends CustomerManagedKey implements IKeyAgreementKey {
  /**
   * A key agreement key that exists already.
   *
   * @param keyArn `arn:aws:kms:<region>:<account>:key/<key id>`
   * @throws when it is no ARN of a key, for instance that of an alias
   */
  public static fromKeyArn(scope: Construct, id: string, keyArn: string): IKeyAgreementKey {
    return new Imported(scope, id, { keyArn });
  }

  /**
   * A key agreement key that exists already, with what is known of its key policy.
   *
   * @param attributes the ARN of the key, and what is known of its key policy
   * @throws when `keyArn` is no ARN of a key
   */
  public static fromKeyAttributes(scope: Construct, id: string, attributes: ImportedKeyAttributes): IKeyAgreementKey {
    return new Imported(scope, id, attributes);
  }

  /**
   * A key agreement key of this account and Region, by an alias that is resolved when a request is made.
   *
   * Permissions are given on whatever key has the alias then, by the condition `kms:ResourceAliases`: whoever may change
   * aliases decides which key that is. Its `keyArn` is the ARN of the alias, which not every AWS service takes.
   *
   * @param aliasName with or without `alias/`
   * @throws for a name that no customer managed key can have
   */
  public static fromAliasName(scope: Construct, id: string, aliasName: string): IKeyAgreementKey {
    return new ImportedByAlias(scope, id, aliasName);
  }

  /**
   * A key agreement key that synthesis finds in the account by its alias. The stack needs a known account and Region.
   *
   * @param aliasName with or without `alias/`
   * @throws for a name that no customer managed key can have
   */
  public static fromLookup(scope: Construct, id: string, aliasName: string): IKeyAgreementKey {
    const found = new Construct(scope, id);
    return new Imported(found, 'Key', { keyArn: lookUpKeyArn(found, aliasName) });
  }

  /** The key spec. */
  public readonly keySpec: KeyAgreementKeySpec;

  /** Name of the first alias with its prefix, `alias/orders`; undefined for a key without alias. */
  public readonly aliasName?: string;

  /**
   * @throws for a property of another type, and when the application has something else under the id of a stack of replicas;
   * what else is wrong is reported at synthesis
   */
  constructor(scope: Construct, id: string, props: KeyAgreementKeyProps = {}) {
    super(scope, id);
    requireShape(this.node.path, props, KEY_AGREEMENT_KEY);
    this.keySpec = props.keySpec ?? KeyAgreementKeySpec.ECC_NIST_P256;
    declareKey(this, props, { spec: this.keySpec, specs: Object.values(KeyAgreementKeySpec), usage: 'KEY_AGREEMENT' });
    this.aliasName = aliasesOf(this, props);
  }

  /** Permissions on this key, each written where it takes effect. */
  public get grants(): KeyAgreementKeyGrants {
    return new KeyAgreementKeyGrants(this);
  }
}

const KIND = { usage: 'KEY_AGREEMENT', symmetric: false } as const;

class Imported extends CustomerManagedKey implements IKeyAgreementKey {
  constructor(scope: Construct, id: string, attributes: ImportedKeyAttributes) {
    super(scope, id, environmentOf(scope, id, attributes));
    importKey(this, attributes, KIND);
  }

  public get grants(): KeyAgreementKeyGrants {
    return new KeyAgreementKeyGrants(this);
  }
}

class ImportedByAlias extends CustomerManagedKey implements IKeyAgreementKey {
  constructor(scope: Construct, id: string, aliasName: string) {
    super(scope, id);
    importKeyByAlias(this, aliasName, KIND);
  }

  public get grants(): KeyAgreementKeyGrants {
    return new KeyAgreementKeyGrants(this);
  }
}
