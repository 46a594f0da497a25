import { Resource, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/** What the key is called. */
export interface AwsManagedKeyNames {
  readonly aliasArn: string;
  readonly aliasName: string;
  readonly serviceName: string;
}

/** What AWS's key policies let whoever uses the service do through it. */
const GIVEN = /^kms:(CreateGrant|Decrypt|DescribeKey|Encrypt|GenerateDataKey\*?|ListGrants|ReEncrypt(From|To|\*))$/;

/** An AWS managed key where aws-cdk-lib takes a `kms.IKey`: what it cannot do throws. */
export class AwsManagedKeyAsKey extends Resource implements kms.IKey {
  public readonly keyArn: string;
  public readonly keyId: string;

  private readonly names: AwsManagedKeyNames;

  constructor(scope: Construct, id: string, names: AwsManagedKeyNames) {
    super(scope, id);
    this.names = names;
    this.keyArn = names.aliasArn;
    this.keyId = names.aliasName;
  }

  public get keyRef(): kms.KeyReference {
    return { keyArn: this.keyArn, keyId: this.keyId };
  }

  public addAlias(alias: string): kms.Alias {
    throw this.refusal(`give the alias ${JSON.stringify(alias)} to`);
  }

  public addToResourcePolicy(statement: iam.PolicyStatement, _allowNoOp?: boolean): iam.AddToResourcePolicyResult {
    const wanted = JSON.stringify(Stack.of(this).resolve(statement.toStatementJson()));
    throw this.refusal(`add ${wanted} to the key policy of`);
  }

  /** Nothing has to be written for identities of the account that use the key through its service. */
  public grant(grantee: iam.IGrantable, ...actions: string[]): iam.Grant {
    if (!this.isIdentityHere(grantee) || !actions.every((action) => GIVEN.test(action))) {
      throw this.refusal(`grant ${actions.join(', ')} to ${String(grantee)} on`);
    }
    return iam.Grant.drop(grantee, `${this.names.aliasName} lets in whoever may use ${this.names.serviceName}`);
  }

  public grantDecrypt(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, 'kms:Decrypt');
  }

  public grantEncrypt(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, 'kms:Encrypt', 'kms:GenerateDataKey*');
  }

  public grantEncryptDecrypt(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, 'kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey*');
  }

  public grantSign(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, 'kms:Sign');
  }

  public grantVerify(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, 'kms:Verify');
  }

  public grantSignVerify(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, 'kms:Sign', 'kms:Verify');
  }

  public grantGenerateMac(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, 'kms:GenerateMac');
  }

  public grantVerifyMac(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, 'kms:VerifyMac');
  }

  private isIdentityHere({ grantPrincipal }: iam.IGrantable): boolean {
    const account = grantPrincipal.principalAccount;
    const here = Stack.of(this).account;
    const other =
      account !== undefined && !Token.isUnresolved(account) && !Token.isUnresolved(here) && account !== here;
    return !(grantPrincipal instanceof iam.ServicePrincipal) && !other;
  }

  private refusal(what: string): Error {
    const { aliasName, serviceName } = this.names;
    return new Error(
      `${this.node.path}: cannot ${what} the AWS managed key ${aliasName}: AWS writes its key policy, which lets in identities of this account that use ${serviceName}, and no other service and no other account; encrypt with a customer managed key, EncryptionChoice.customerManaged(new EncryptionKey(…))`,
    );
  }
}
