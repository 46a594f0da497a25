import { Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { isGroup } from '../policy/access-problems';
import { principalArnProblems } from '../policy/principals';
import { problems } from '../private/rules';
import { grantable, requireKind, text } from '../private/shape';

/** Characters of a principal in CreateGrant. */
const MAX_LENGTH = 256;

/** Who gets a KMS grant, or who may retire it: a principal with an ARN, or an AWS service. */
export class GrantPrincipal {
  /**
   * A role, user, account, or whatever has a role, such as a function. KMS wants it to exist when the grant is made.
   *
   * @param grantee who gets the permission
   * @throws for an argument of another type
   * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html#KMS-CreateGrant-request-GranteePrincipal
   */
  public static of(grantee: iam.IGrantable): GrantPrincipal {
    requireKind('GrantPrincipal.of', 'grantee', grantee, grantable);
    const principal = grantee.grantPrincipal;
    if (isGroup(principal)) {
      return new GrantPrincipal(undefined, undefined, 'a grant cannot be for an IAM group; name its roles or users');
    }
    if (principal instanceof iam.ServicePrincipal) {
      const { service } = principal;
      return new GrantPrincipal(
        undefined,
        undefined,
        `${JSON.stringify(service)} is an AWS service; use GrantPrincipal.service(${JSON.stringify(service)})`,
      );
    }
    const { principalJson, conditions } = principal.policyFragment;
    const [kind, ...otherKinds] = Object.keys(principalJson);
    const [arn, ...others] = principalJson['AWS'] ?? [];
    if (kind !== 'AWS' || otherKinds.length > 0 || arn === undefined || others.length > 0) {
      return new GrantPrincipal(
        undefined,
        undefined,
        `${String(principal)} is not one principal with an ARN; name one`,
      );
    }
    if (Object.keys(conditions).length > 0) {
      return new GrantPrincipal(
        undefined,
        undefined,
        `${String(principal)} is a principal under conditions, which a grant cannot express; name the role or user itself`,
      );
    }
    return new GrantPrincipal(arn, undefined, undefined);
  }

  /**
   * An AWS service that takes part in grants for service principals. As a grantee it needs `sourceArn` and a retiring
   * principal.
   *
   * @param service for example `sns.amazonaws.com`
   * @throws for an argument of another type
   * @see
   * https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html#KMS-CreateGrant-request-GranteeServicePrincipal
   */
  public static service(service: string): GrantPrincipal {
    requireKind('GrantPrincipal.service', 'service', service, text);
    return new GrantPrincipal(undefined, service, undefined);
  }

  /** @internal */
  public readonly _arn?: string;
  /** @internal */
  public readonly _service?: string;
  private readonly problem?: string;

  private constructor(arn: string | undefined, service: string | undefined, problem: string | undefined) {
    this._arn = arn;
    this._service = service;
    this.problem = problem;
  }

  /**
   * What is wrong with it, as `where` of a grant.
   *
   * @internal
   */
  public _problems(where: string): string[] {
    const { _arn: arn, _service: service, problem } = this;
    const text = arn ?? service ?? '';
    const known = !Token.isUnresolved(text);
    return [
      ...(problem === undefined ? [] : [`${where}: ${problem}`]),
      ...(arn === undefined || !known ? [] : principalArnProblems(`${where} ${JSON.stringify(arn)}`, arn)),
      ...problems([
        {
          when: service !== undefined && known && !/^[a-z0-9.-]+\.(amazonaws\.com(\.cn)?|aws\.internal)$/.test(service),
          message: `${where} ${JSON.stringify(service)} is no service principal; it looks like "sns.amazonaws.com"`,
        },
        {
          when: known && text.length > MAX_LENGTH,
          message: `${where} of ${text.length} characters: KMS takes at most ${MAX_LENGTH}`,
        },
      ]),
    ];
  }
}
