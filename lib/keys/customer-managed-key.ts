import { CfnOutput, type RemovalPolicy, Resource, type ResourceProps, Token } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { surveyAliases } from '../aliases/alias-survey';
import { warnWhereApart } from '../aliases/apart';
import { allowActions, allowUse } from '../grants/allow';
import { having, requireKind, text } from '../private/shape';
import type { IReplicaKey } from '../replicas/i-replica-key';
import { replicasOf } from '../replicas/replicas-of';
import { replaceKnownStatement } from '../services/known-statements';
import { aliasProblems, fullAliasName } from './alias-name';
import { declaredKey } from './declared-keys';
import { missingStatement } from './missing-statement';

/**
 * What all customer managed keys have in common: they can stand wherever aws-cdk-lib takes a `kms.IKey`.
 *
 * Grants on it are written where they take effect: into the grantee's IAM policy when the key policy delegates use to
 * the account, into the key policy as well when it does not.
 */
export abstract class CustomerManagedKey extends Resource implements kms.IKey {
  private readonly aliasNames = new Set<string>();
  private removalPolicy?: RemovalPolicy;

  constructor(scope: Construct, id: string, props: ResourceProps = {}) {
    super(scope, id, props);
  }

  /** ARN of the key. In a stack of another account or Region it becomes a weak reference. */
  public get keyArn(): string {
    return declaredKey(this).keyArn;
  }

  /** Id of the key: the last part of its ARN. */
  public get keyId(): string {
    return declaredKey(this).keyId;
  }

  /** Reference to this key, for constructs that take any `kms.IKeyRef`. */
  public get keyRef(): kms.KeyReference {
    return { keyArn: this.keyArn, keyId: this.keyId };
  }

  /**
   * The replicas of this key, in the order of their Regions in the properties. What runs in another stack than the key and
   * names one of them is deployed after it.
   */
  public get replicas(): IReplicaKey[] {
    return replicasOf(this);
  }

  /**
   * Adds an alias, which is retained or deleted together with the key. The property `alias` reaches every Region; this
   * method the
   * Region of this key.
   *
   * @param alias name with or without `alias/`: 1 to 256 letters, digits, `/`, `_`, `-`, `:`
   * @throws for a name that KMS does not take, or that the key has already; for a token, unless it is the first alias
   */
  public addAlias(alias: string): kms.Alias {
    requireKind(this.node.path, 'alias', alias, text);
    const aliasName = fullAliasName(alias);
    if (Token.isUnresolved(aliasName) && this.node.tryFindChild('Alias') !== undefined) {
      throw new Error(
        `${this.node.path}: alias ${JSON.stringify(alias)} is known at deployment only; use a KeyAlias, which has an id of its own, for any but the first`,
      );
    }
    // The first alias has a fixed id, so that renaming it is a replacement in the template and not a second alias.
    return this._addAlias(aliasName, this.node.tryFindChild('Alias') ? `Alias${aliasName}` : 'Alias');
  }

  /** @internal */
  public _addAlias(aliasName: string, id: string): kms.Alias {
    const [problem] = aliasProblems(aliasName);
    if (problem !== undefined) {
      throw new Error(`${this.node.path}: ${problem}`);
    }
    if (this.aliasNames.has(aliasName)) {
      throw new Error(
        `${this.node.path}: alias ${JSON.stringify(aliasName)} is one of this key's already; add it once`,
      );
    }
    if (declaredKey(this).aliasName !== undefined) {
      throw new Error(
        `${this.node.path}: cannot add ${JSON.stringify(aliasName)}: the key is imported by its alias, and an alias points to a key and not to an alias; import it by ARN or fromLookup`,
      );
    }
    this.aliasNames.add(aliasName);
    surveyAliases(this);
    const removalPolicy = this.removalPolicy ?? declaredKey(this).removalPolicy;
    const alias = new kms.Alias(this, id, { aliasName, targetKey: this, removalPolicy });
    warnWhereApart(this, alias);
    return alias;
  }

  /**
   * Says what becomes of the key, and of its aliases with it, when it leaves its stack. Replicas are kept or deleted by
   * what their own properties say: each one in `replicas` has this method.
   *
   * @param policy what becomes of them
   * @throws for an imported key, which no stack of this application has
   */
  public override applyRemovalPolicy(policy: RemovalPolicy): void {
    super.applyRemovalPolicy(policy);
    // A key without its alias, or an alias without its key, stands in the way of the next deployment.
    this.removalPolicy = policy;
    for (const alias of this.node.children.filter((child) => child instanceof kms.Alias)) {
      alias.applyRemovalPolicy(policy);
    }
  }

  /**
   * Adds a statement to the key policy. Its resource is `"*"`: in a key policy that is this key. Replicas have policies of
   * their own, whose statements are of other Regions: each one in `replicas` has this method.
   *
   * Statements that aws-cdk-lib itself adds for a service, without the conditions that AWS documents, are replaced by the
   * documented ones; see `EncryptionKey.services`.
   *
   * An imported key has a key policy that this application cannot change: synthesis warns about the statement that would
   * have been needed.
   *
   * @param statement the statement, with its principals
   * @param allowNoOp whether a statement that cannot be added is a warning only, which is the default
   * @throws for an imported key when `allowNoOp` is false
   */
  public addToResourcePolicy(statement: iam.PolicyStatement, allowNoOp?: boolean): iam.AddToResourcePolicyResult {
    requireKind(this.node.path, 'statement', statement, having('a PolicyStatement', 'toStatementJson'));
    const { policy } = declaredKey(this);
    if (policy === undefined) {
      return missingStatement(this, statement, allowNoOp ?? true);
    }
    if (!replaceKnownStatement(this, statement)) {
      policy.addStatements(statement);
    }
    return { statementAdded: true, policyDependable: policy };
  }

  /** Gives the stack the outputs `KeyArn` and `KeyId`, and `AliasName` for the first alias, named after the key. */
  public addOutputs(): void {
    new CfnOutput(this, 'KeyArn', { value: this.keyArn });
    new CfnOutput(this, 'KeyId', { value: this.keyId });
    const alias = this.node.children.find((child) => child instanceof kms.Alias);
    if (alias instanceof kms.Alias) {
      new CfnOutput(this, 'AliasName', { value: alias.aliasName });
    }
  }

  /**
   * Grants the actions on this key to a principal.
   *
   * @param grantee who gets the permission
   * @param actions one action or more, each named as policies write it, `kms:Decrypt`
   * @throws when an action does not exist or does not suit the key, so that the grant would do nothing
   */
  public grant(grantee: iam.IGrantable, ...actions: string[]): iam.Grant {
    return allowActions(this, grantee, actions);
  }

  /**
   * Grants decryption, whatever the encryption context. An `Envelope` grants less.
   *
   * @param grantee who gets the permission
   * @throws unless this is an encryption key, or when no policy could take the permission
   */
  public grantDecrypt(grantee: iam.IGrantable): iam.Grant {
    return allowUse(this, 'decrypt', grantee);
  }

  /**
   * Grants encryption and data keys, whatever the encryption context. An `Envelope` grants less.
   *
   * @param grantee who gets the permission
   * @throws unless this is an encryption key, or when no policy could take the permission
   */
  public grantEncrypt(grantee: iam.IGrantable): iam.Grant {
    return allowUse(this, 'encrypt', grantee);
  }

  /**
   * Grants encryption and decryption, whatever the encryption context. An `Envelope` grants less.
   *
   * @param grantee who gets the permission
   * @throws unless this is an encryption key, or when no policy could take the permission
   */
  public grantEncryptDecrypt(grantee: iam.IGrantable): iam.Grant {
    return allowUse(this, 'encryptAndDecrypt', grantee);
  }

  /**
   * Grants signing.
   *
   * @param grantee who gets the permission
   * @throws unless this is a signing key
   */
  public grantSign(grantee: iam.IGrantable): iam.Grant {
    return allowUse(this, 'sign', grantee);
  }

  /**
   * Grants verification of signatures.
   *
   * @param grantee who gets the permission
   * @throws unless this is a signing key
   */
  public grantVerify(grantee: iam.IGrantable): iam.Grant {
    return allowUse(this, 'verify', grantee);
  }

  /**
   * Grants signing and verification.
   *
   * @param grantee who gets the permission
   * @throws unless this is a signing key
   */
  public grantSignVerify(grantee: iam.IGrantable): iam.Grant {
    return allowUse(this, 'signAndVerify', grantee);
  }

  /**
   * Grants making message authentication codes.
   *
   * @param grantee who gets the permission
   * @throws unless this is a MAC key
   */
  public grantGenerateMac(grantee: iam.IGrantable): iam.Grant {
    return allowUse(this, 'generateMac', grantee);
  }

  /**
   * Grants verification of message authentication codes.
   *
   * @param grantee who gets the permission
   * @throws unless this is a MAC key
   */
  public grantVerifyMac(grantee: iam.IGrantable): iam.Grant {
    return allowUse(this, 'verifyMac', grantee);
  }
}
