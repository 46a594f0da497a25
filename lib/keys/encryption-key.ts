import { Construct } from 'constructs';
import { EncryptionKeyGrants } from '../grants/encryption-key-grants';
import { KeyAccess } from '../policy/key-access';
import { problems } from '../private/rules';
import { requireShape } from '../private/shape';
import { openReplicas } from '../replicas/replica-key';
import { EncryptionKeyServices } from '../services/encryption-key-services';
import { aliasesOf } from './aliases-of';
import { CustomerManagedKey } from './customer-managed-key';
import { days } from './days';
import { declareKey } from './declared-key';
import { ENCRYPTION_KEY, type EncryptionKeyProps } from './encryption-key-props';
import type { IEncryptionKey } from './i-encryption-key';
import { environmentOf, type ImportedKeyAttributes, importKey, importKeyByAlias, lookUpKeyArn } from './imported-key';
import { rangeProblems } from './key-problems';
import { KEY_LIMITS } from './limits';
import { serviceHost } from './service-host';
import { KeyOrigin } from './specs';

/**
 * A customer managed key for symmetric encryption: AES-256-GCM with material that KMS made (SM4 in China Regions).
 *
 * It rotates every year, is kept together with its alias when the stack is deleted, and waits 30 days before a deletion
 * takes effect. It can be given to every aws-cdk-lib construct that takes a `kms.IKey`.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html
 */
export class EncryptionKey extends CustomerManagedKey implements IEncryptionKey {
  /**
   * A symmetric encryption key that exists already.
   *
   * @param keyArn `arn:aws:kms:<region>:<account>:key/<key id>`
   * @throws when it is no ARN of a key, for instance that of an alias
   */
  public static fromKeyArn(scope: Construct, id: string, keyArn: string): IEncryptionKey {
    return new Imported(scope, id, { keyArn });
  }

  /**
   * A symmetric encryption key that exists already, with what is known of its key policy.
   *
   * @param attributes the ARN of the key, and what is known of its key policy
   * @throws when `keyArn` is no ARN of a key
   */
  public static fromKeyAttributes(scope: Construct, id: string, attributes: ImportedKeyAttributes): IEncryptionKey {
    return new Imported(scope, id, attributes);
  }

  /**
   * A symmetric encryption key of this account and Region, by an alias that is resolved when a request is made.
   *
   * Permissions are given on whatever key has the alias then, by the condition `kms:ResourceAliases`: whoever may change
   * aliases decides which key that is. Its `keyArn` is the ARN of the alias, which not every AWS service takes.
   *
   * @param aliasName with or without `alias/`
   * @throws for a name that no customer managed key can have
   */
  public static fromAliasName(scope: Construct, id: string, aliasName: string): IEncryptionKey {
    return new ImportedByAlias(scope, id, aliasName);
  }

  /**
   * A symmetric encryption key that synthesis finds in the account by its alias. The stack needs a known account and
   * Region.
   *
   * @param aliasName with or without `alias/`
   * @throws for a name that no customer managed key can have
   */
  public static fromLookup(scope: Construct, id: string, aliasName: string): IEncryptionKey {
    const found = new Construct(scope, id);
    return new Imported(found, 'Key', { keyArn: lookUpKeyArn(found, aliasName) });
  }

  /** Name of the first alias with its prefix, `alias/orders`; undefined for a key without alias. */
  public readonly aliasName?: string;

  /** AWS services that may use this key, each with the statement that AWS documents for it. */
  public readonly services: EncryptionKeyServices;

  /**
   * @throws for a property of another type, and when the application has something else under the id of a stack of replicas;
   * what else is wrong is reported at synthesis
   */
  constructor(scope: Construct, id: string, props: EncryptionKeyProps = {}) {
    super(scope, id);
    requireShape(this.node.path, props, ENCRYPTION_KEY);
    const rotates = props.enableKeyRotation ?? props.origin !== KeyOrigin.EXTERNAL;
    const users = props.users ?? [];
    declareKey(this, props, {
      spec: 'SYMMETRIC_DEFAULT',
      specs: ['SYMMETRIC_DEFAULT'],
      usage: 'ENCRYPT_DECRYPT',
      rotationPeriodInDays: rotates ? days(props.rotationPeriod, KEY_LIMITS.rotationPeriod.default) : undefined,
      access: users.length > 0 ? [KeyAccess.encryptAndDecrypt(users)] : [],
      problems: rotationProblems(props),
    });
    this.services = EncryptionKeyServices._of(serviceHost(this, props.automaticServiceAccess));
    openReplicas(this.replicas, props.automaticServiceAccess);
    this.aliasName = aliasesOf(this, props);
  }

  /** Permissions on this key, each written where it takes effect. */
  public get grants(): EncryptionKeyGrants {
    return new EncryptionKeyGrants(this);
  }
}

const KIND = { usage: 'ENCRYPT_DECRYPT', symmetric: true } as const;

class Imported extends CustomerManagedKey implements IEncryptionKey {
  constructor(scope: Construct, id: string, attributes: ImportedKeyAttributes) {
    super(scope, id, environmentOf(scope, id, attributes));
    importKey(this, attributes, KIND);
  }

  public get grants(): EncryptionKeyGrants {
    return new EncryptionKeyGrants(this);
  }
}

class ImportedByAlias extends CustomerManagedKey implements IEncryptionKey {
  constructor(scope: Construct, id: string, aliasName: string) {
    super(scope, id);
    importKeyByAlias(this, aliasName, KIND);
  }

  public get grants(): EncryptionKeyGrants {
    return new EncryptionKeyGrants(this);
  }
}

function rotationProblems(props: EncryptionKeyProps): string[] {
  const imported = props.origin === KeyOrigin.EXTERNAL;
  return [
    ...problems([
      {
        when: props.enableKeyRotation === false && props.rotationPeriod !== undefined,
        message: 'rotationPeriod is given although enableKeyRotation is false; leave one of them out',
      },
      {
        when: imported && (props.enableKeyRotation === true || props.rotationPeriod !== undefined),
        message:
          'enableKeyRotation and rotationPeriod with origin EXTERNAL: KMS rotates no imported material on a schedule; leave them out',
      },
    ]),
    ...rangeProblems('rotationPeriod', props.rotationPeriod, KEY_LIMITS.rotationPeriod),
  ];
}
