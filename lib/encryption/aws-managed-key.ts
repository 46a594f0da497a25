import { ArnFormat, Stack } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct, type IConstruct } from 'constructs';
import { viaService } from '../policy/access-conditions';
import { AwsManagedKeyAsKey } from './aws-managed-key-as-key';
import { AWS_MANAGED_KEYS, type AwsManagedKeyName, isAwsManagedKeyName } from './aws-managed-keys';

/**
 * A key that an AWS service keeps in the account, `alias/aws/<service>`.
 *
 * It can be named and nothing more: AWS writes its key policy, which lets in whoever in the account may use the service,
 * rotates it every year and never deletes it. Other accounts and other services cannot be let in. It comes into being when
 * the service first needs it.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-cmk
 */
export class AwsManagedKey extends Construct {
  /**
   * The AWS managed key of a service in the account and Region of the scope; the same one for the whole stack.
   *
   * @param service end of the alias: `s3`, `ebs`, `elasticfilesystem`
   * @throws for a service that keeps none
   */
  public static of(scope: IConstruct, service: string): AwsManagedKey {
    if (!isAwsManagedKeyName(service)) {
      throw new Error(
        `${scope.node.path}: no AWS managed key ${JSON.stringify(`alias/aws/${service}`)} is known; there are those of ${Object.keys(AWS_MANAGED_KEYS).join(', ')}`,
      );
    }
    const stack = Stack.of(scope);
    const id = `AwsManagedKey-${service}`;
    const existing = stack.node.tryFindChild(id);
    return existing instanceof AwsManagedKey ? existing : new AwsManagedKey(stack, id, service);
  }

  /** End of the alias, `s3`. */
  public readonly service: string;

  /** Alias of the key, `alias/aws/s3`. */
  public readonly aliasName: string;

  /** Name of the service, `S3`. */
  public readonly serviceName: string;

  /** Address of the page of AWS about this key. */
  public readonly documentation: string;

  /** Value of `kms:ViaService` in requests that the service makes: `s3.<region>.amazonaws.com`. */
  public readonly viaService: string;

  private constructor(scope: Construct, id: string, service: AwsManagedKeyName) {
    super(scope, id);
    const { name, via, page } = AWS_MANAGED_KEYS[service];
    this.service = service;
    this.aliasName = `alias/aws/${service}`;
    this.serviceName = name;
    this.documentation = `https://docs.aws.amazon.com/${page}`;
    this.viaService = viaService(this, via);
  }

  /** ARN of the alias. The ARN of the key is not known before the service has made it. */
  public get aliasArn(): string {
    return Stack.of(this).formatArn({
      service: 'kms',
      resource: this.aliasName,
      arnFormat: ArnFormat.NO_RESOURCE_NAME,
    });
  }

  /**
   * The key for a construct that takes a `kms.IKey`, such as a topic. Its ARN is that of the alias.
   *
   * What a construct asks of it that AWS's key policy does not already give throws, with the reason: its policy cannot be
   * changed and it takes no further alias.
   */
  public asKey(): kms.IKey {
    const existing = this.node.tryFindChild('Key');
    return existing instanceof AwsManagedKeyAsKey
      ? existing
      : new AwsManagedKeyAsKey(this, 'Key', {
          aliasArn: this.aliasArn,
          aliasName: this.aliasName,
          serviceName: this.serviceName,
        });
  }
}
