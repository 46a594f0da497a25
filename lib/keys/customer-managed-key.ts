import { type RemovalPolicy, Resource, type ResourceProps } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { fullAliasName } from './alias-name';

/**
 * What all customer managed keys have in common: they can stand wherever aws-cdk-lib takes a `kms.IKey`.
 *
 * Grants on it are written where they take effect: into the grantee's IAM policy when the key policy delegates use to
 * the account, into the key policy as well when it does not.
 */
export abstract class CustomerManagedKey extends Resource implements kms.IKey {
  /** ARN of the key. */
  public abstract readonly keyArn: string;

  /** Id of the key: the last part of its ARN. */
  public abstract readonly keyId: string;

  /** The key policy. */
  protected abstract readonly policy: iam.PolicyDocument;

  /** Whether IAM policies of the account can give the use of this key. */
  protected abstract readonly useDelegatedToAccount: boolean;

  /** What happens to the key, and to every alias made through it, when it leaves the stack. */
  protected abstract readonly removalPolicy: RemovalPolicy;

  constructor(scope: Construct, id: string, props: ResourceProps = {}) {
    super(scope, id, props);
    this.node.addValidation({ validate: () => this.policy.validateForResourcePolicy() });
  }

  /** Reference to this key, for constructs that take any `kms.IKeyRef`. */
  public get keyRef(): kms.KeyReference {
    return { keyArn: this.keyArn, keyId: this.keyId };
  }

  /** Grants of aws-cdk-lib on this key, which say where they have to be written. */
  public get grants(): kms.KeyGrants {
    return kms.KeyGrants.fromKey(this, this.useDelegatedToAccount);
  }

  /**
   * Adds an alias, which is retained or deleted together with the key.
   *
   * @param alias name with or without `alias/`: 1 to 256 letters, digits, `/`, `_`, `-`, `:`
   */
  public addAlias(alias: string): kms.Alias {
    const aliasName = fullAliasName(alias);
    // The first alias has a fixed id, so that renaming it is a replacement in the template and not a second alias.
    const id = this.node.tryFindChild('Alias') ? `Alias${aliasName}` : 'Alias';
    return new kms.Alias(this, id, { aliasName, targetKey: this, removalPolicy: this.removalPolicy });
  }

  /** Adds a statement to the key policy. Its resource is `"*"`: in a key policy that is this key. */
  public addToResourcePolicy(statement: iam.PolicyStatement, _allowNoOp?: boolean): iam.AddToResourcePolicyResult {
    this.policy.addStatements(statement);
    return { statementAdded: true, policyDependable: this.policy };
  }

  /** Grants the actions on this key to a principal. */
  public grant(grantee: iam.IGrantable, ...actions: string[]): iam.Grant {
    return this.grants.actions(grantee, ...actions);
  }

  /**
   * Grants the actions on this key under conditions, on exactly this key.
   *
   * @throws when neither an IAM policy nor the key policy could take the permission, so that it would do nothing
   * @internal
   */
  public _grantUnder(
    grantee: iam.IGrantable,
    actions: string[],
    conditions: Record<string, Record<string, string>>,
  ): iam.Grant {
    const options: iam.GrantWithResourceOptions = {
      grantee,
      actions,
      conditions,
      resourceArns: [this.keyArn],
      // In the key policy "*" is this key; its own ARN there would be a circular reference.
      resourceSelfArns: ['*'],
      resource: this,
    };
    const grant = this.useDelegatedToAccount
      ? iam.Grant.addToPrincipalOrResource(options)
      : iam.Grant.addToPrincipalAndResource(options);
    grant.assertSuccess();
    return grant;
  }

  /** Grants `kms:Decrypt`, whatever the encryption context. An `Envelope` grants less. */
  public grantDecrypt(grantee: iam.IGrantable): iam.Grant {
    return this.grants.decrypt(grantee);
  }

  /** Grants encryption and data keys, whatever the encryption context. An `Envelope` grants less. */
  public grantEncrypt(grantee: iam.IGrantable): iam.Grant {
    return this.grants.encrypt(grantee);
  }

  /** Grants encryption and decryption, whatever the encryption context. An `Envelope` grants less. */
  public grantEncryptDecrypt(grantee: iam.IGrantable): iam.Grant {
    return this.grants.encryptDecrypt(grantee);
  }

  /** Throws unless this is a signing key. */
  public grantSign(grantee: iam.IGrantable): iam.Grant {
    return this.unsuited('Sign', grantee);
  }

  /** Throws unless this is a signing key. */
  public grantVerify(grantee: iam.IGrantable): iam.Grant {
    return this.unsuited('Verify', grantee);
  }

  /** Throws unless this is a signing key. */
  public grantSignVerify(grantee: iam.IGrantable): iam.Grant {
    return this.unsuited('Sign and Verify', grantee);
  }

  /** Throws unless this is a MAC key. */
  public grantGenerateMac(grantee: iam.IGrantable): iam.Grant {
    return this.unsuited('GenerateMac', grantee);
  }

  /** Throws unless this is a MAC key. */
  public grantVerifyMac(grantee: iam.IGrantable): iam.Grant {
    return this.unsuited('VerifyMac', grantee);
  }

  private unsuited(operation: string, grantee: iam.IGrantable): never {
    throw new Error(
      `${this.node.path}: cannot grant ${operation} to ${String(grantee)}: the key usage of this key has no such operation, so the grant would do nothing`,
    );
  }
}
