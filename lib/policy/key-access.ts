import type * as iam from 'aws-cdk-lib/aws-iam';
import { list, principal, requireShape, struct } from '../private/shape';
import { ACCESS_CONDITIONS, type AccessConditions } from './access-conditions';
import type { KeyUse } from './key-uses';

const ARGUMENTS = { principals: list(principal), conditions: struct(ACCESS_CONDITIONS) };

/**
 * Who may do what with a key, as its key policy says it. Give a list of them to a key's `access`.
 *
 * A use that does not suit the key (signing with an encryption key) is refused at synthesis. Every action is named; no
 * statement has a wildcard.
 */
export class KeyAccess {
  /**
   * Administers the key: policy, aliases, tags, rotation, state and deletion, but not use.
   *
   * @param principals who administers: roles, users or accounts, at least one
   * @param conditions what must be true of a request for the permission to count
   * @throws for an argument of another type
   */
  public static administer(principals: iam.IPrincipal[], conditions?: AccessConditions): KeyAccess {
    return new KeyAccess('administer', principals, conditions);
  }

  /**
   * Administers the key, and cannot schedule its deletion. Whoever may change the key policy can undo this.
   *
   * @param principals who may: roles, users or accounts, at least one
   * @param conditions what must be true of a request for the permission to count
   * @throws for an argument of another type
   */
  public static administerWithoutDeletion(principals: iam.IPrincipal[], conditions?: AccessConditions): KeyAccess {
    return new KeyAccess('administerWithoutDeletion', principals, conditions);
  }

  /**
   * Reads everything about the key: policy, grants, tags, rotations, last use.
   *
   * @param principals who may: roles, users or accounts, at least one
   * @param conditions what must be true of a request for the permission to count
   * @throws for an argument of another type
   */
  public static audit(principals: iam.IPrincipal[], conditions?: AccessConditions): KeyAccess {
    return new KeyAccess('audit', principals, conditions);
  }

  /**
   * Imports key material: reads the key's state, gets a wrapping key, imports, also again. It takes a key with origin
   * EXTERNAL. Deleting material is administration.
   *
   * @param principals who may: roles, users or accounts, at least one
   * @param conditions what must be true of a request for the permission to count
   * @throws for an argument of another type
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys.html
   */
  public static importMaterial(principals: iam.IPrincipal[], conditions?: AccessConditions): KeyAccess {
    return new KeyAccess('importMaterial', principals, conditions);
  }

  /**
   * Encrypts, makes data keys and data key pairs, is the target of re-encryption; opens nothing on its own.
   *
   * @param principals who may: roles, users or accounts, at least one
   * @param conditions what must be true of a request for the permission to count
   * @throws for an argument of another type
   */
  public static encrypt(principals: iam.IPrincipal[], conditions?: AccessConditions): KeyAccess {
    return new KeyAccess('encrypt', principals, conditions);
  }

  /**
   * Decrypts. Re-encryption has to be given apart, by `grants.actions` or with encryption.
   *
   * @param principals who may: roles, users or accounts, at least one
   * @param conditions what must be true of a request for the permission to count
   * @throws for an argument of another type
   */
  public static decrypt(principals: iam.IPrincipal[], conditions?: AccessConditions): KeyAccess {
    return new KeyAccess('decrypt', principals, conditions);
  }

  /**
   * Encrypts and decrypts.
   *
   * @param principals who may: roles, users or accounts, at least one
   * @param conditions what must be true of a request for the permission to count
   * @throws for an argument of another type
   */
  public static encryptAndDecrypt(principals: iam.IPrincipal[], conditions?: AccessConditions): KeyAccess {
    return new KeyAccess('encryptAndDecrypt', principals, conditions);
  }

  /**
   * Makes data keys and nothing else, as envelope encryption needs it.
   *
   * @param principals who may: roles, users or accounts, at least one
   * @param conditions what must be true of a request for the permission to count
   * @throws for an argument of another type
   */
  public static generateDataKeys(principals: iam.IPrincipal[], conditions?: AccessConditions): KeyAccess {
    return new KeyAccess('generateDataKeys', principals, conditions);
  }

  /**
   * Reads the public key of an asymmetric key.
   *
   * @param principals who may: roles, users or accounts, at least one
   * @param conditions what must be true of a request for the permission to count
   * @throws for an argument of another type
   */
  public static getPublicKey(principals: iam.IPrincipal[], conditions?: AccessConditions): KeyAccess {
    return new KeyAccess('getPublicKey', principals, conditions);
  }

  /**
   * Signs.
   *
   * @param principals who may: roles, users or accounts, at least one
   * @param conditions what must be true of a request for the permission to count
   * @throws for an argument of another type
   */
  public static sign(principals: iam.IPrincipal[], conditions?: AccessConditions): KeyAccess {
    return new KeyAccess('sign', principals, conditions);
  }

  /**
   * Verifies signatures, in KMS or with the public key.
   *
   * @param principals who may: roles, users or accounts, at least one
   * @param conditions what must be true of a request for the permission to count
   * @throws for an argument of another type
   */
  public static verify(principals: iam.IPrincipal[], conditions?: AccessConditions): KeyAccess {
    return new KeyAccess('verify', principals, conditions);
  }

  /**
   * Signs and verifies.
   *
   * @param principals who may: roles, users or accounts, at least one
   * @param conditions what must be true of a request for the permission to count
   * @throws for an argument of another type
   */
  public static signAndVerify(principals: iam.IPrincipal[], conditions?: AccessConditions): KeyAccess {
    return new KeyAccess('signAndVerify', principals, conditions);
  }

  /**
   * Makes message authentication codes.
   *
   * @param principals who may: roles, users or accounts, at least one
   * @param conditions what must be true of a request for the permission to count
   * @throws for an argument of another type
   */
  public static generateMac(principals: iam.IPrincipal[], conditions?: AccessConditions): KeyAccess {
    return new KeyAccess('generateMac', principals, conditions);
  }

  /**
   * Verifies message authentication codes.
   *
   * @param principals who may: roles, users or accounts, at least one
   * @param conditions what must be true of a request for the permission to count
   * @throws for an argument of another type
   */
  public static verifyMac(principals: iam.IPrincipal[], conditions?: AccessConditions): KeyAccess {
    return new KeyAccess('verifyMac', principals, conditions);
  }

  /**
   * Makes and verifies message authentication codes.
   *
   * @param principals who may: roles, users or accounts, at least one
   * @param conditions what must be true of a request for the permission to count
   * @throws for an argument of another type
   */
  public static generateAndVerifyMac(principals: iam.IPrincipal[], conditions?: AccessConditions): KeyAccess {
    return new KeyAccess('generateAndVerifyMac', principals, conditions);
  }

  /**
   * Derives shared secrets, and reads the public key that the other side needs.
   *
   * @param principals who may: roles, users or accounts, at least one
   * @param conditions what must be true of a request for the permission to count
   * @throws for an argument of another type
   */
  public static deriveSharedSecret(principals: iam.IPrincipal[], conditions?: AccessConditions): KeyAccess {
    return new KeyAccess('deriveSharedSecret', principals, conditions);
  }

  /** @internal */
  public static _of(use: KeyUse, principals: readonly iam.IPrincipal[], conditions: AccessConditions): KeyAccess {
    return new KeyAccess(use, [...principals], conditions);
  }

  /** @internal */
  public readonly _use: KeyUse;
  /** @internal */
  public readonly _principals: readonly iam.IPrincipal[];
  /** @internal */
  public readonly _conditions: AccessConditions;

  private constructor(use: KeyUse, principals: iam.IPrincipal[], conditions: AccessConditions = {}) {
    requireShape(`KeyAccess.${use}`, { principals, conditions }, ARGUMENTS);
    this._use = use;
    this._principals = principals;
    this._conditions = conditions;
  }
}
