import { Resource, Stack, Token } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';
import { flag, having, list, maybe, object, type Shape, text } from '../private/shape';
import { aliasConditions } from './alias-conditions';
import { contextConditions } from './context-conditions';
import { one } from './one';

/**
 * What must be true of a request for a permission to count. Everything that is given must hold at once.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
 */
export interface AccessConditions {
  /**
   * Encryption context that the request must carry, by name and value. It counts for the operations that carry one, on
   * symmetric encryption keys; `kms:DescribeKey` is given without it.
   *
   * @default - any encryption context
   */
  readonly encryptionContext?: Record<string, string>;

  /**
   * Names that the encryption context must have, whatever their values.
   *
   * @default - no name is required
   */
  readonly requiredContext?: string[];

  /**
   * AWS services through which alone the key may be used on behalf of the principal, by the first part of their
   * endpoints: `s3`, `dynamodb`, `secretsmanager`. The Region of the key is added.
   *
   * @default - directly, or through any service
   */
  readonly viaServices?: string[];

  /**
   * Ids of the accounts whose principals may make the request: 12 digits each.
   *
   * @default - whichever account the principal belongs to
   */
  readonly callerAccounts?: string[];

  /**
   * Id of the organization that the principal must belong to: `o-` and 10 to 32 lower case letters or digits.
   *
   * @default - no organization is asked for
   */
  readonly organizationId?: string;

  /**
   * Whether the principal must have signed in with a second factor. Roles of functions never have.
   *
   * @default false
   */
  readonly multiFactorAuth?: boolean;

  /**
   * VPC endpoints through which alone the request may come. Requests that AWS services make on behalf of the principal
   * come through none of them.
   *
   * @default - from anywhere
   */
  readonly vpcEndpoints?: ec2.IVpcEndpoint[];

  /**
   * Aliases of which the key must have one, with or without `alias/`; `*` and `?` stand for other characters.
   *
   * It counts in IAM policies only, so it suits grants and not the `access` of a key.
   *
   * IMPORTANT: whoever may create, change or delete aliases of the key decides about this permission. A key with more
   * than 50 aliases is denied whatever they are called. A change takes up to five minutes to count.
   *
   * @default - whatever the aliases of the key
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
   */
  readonly resourceAliases?: string[];

  /**
   * Alias by which the request must name the key, with or without `alias/`; `*` and `?` stand for other characters.
   *
   * IMPORTANT: a request that names the key by its id or ARN, or that names no key, as `Decrypt` may, does not have it.
   * AWS services name keys by ARN. Whoever may change the alias decides which key the permission is for.
   *
   * @default - however the request names the key
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-request-alias
   */
  readonly requestAlias?: string;
}

/** Conditions as a policy writes them. */
export type PolicyConditions = Record<string, Record<string, string | string[]>>;

/** The conditions on requests that carry an encryption context, or on those that do not. */
export function policyConditions(
  scope: IConstruct,
  conditions: AccessConditions,
  withContext: boolean,
): PolicyConditions {
  const { viaServices = [], callerAccounts = [], vpcEndpoints = [] } = conditions;
  const context = withContext
    ? contextConditions(conditions.encryptionContext ?? {}, conditions.requiredContext ?? [])
    : {};
  const equals: Record<string, string | string[]> = {
    ...context.StringEquals,
    ...(viaServices.length > 0 && { 'kms:ViaService': one(viaServices.map((name) => viaService(scope, name))) }),
    ...(callerAccounts.length > 0 && { 'kms:CallerAccount': one(callerAccounts) }),
    ...(conditions.organizationId !== undefined && { 'aws:PrincipalOrgID': conditions.organizationId }),
    ...(vpcEndpoints.length > 0 && { 'aws:SourceVpce': one(vpcEndpoints.map((endpoint) => endpoint.vpcEndpointId)) }),
  };
  const aliases = aliasConditions(conditions);
  const all = { ...equals, ...aliases.StringEquals };
  return {
    ...(Object.keys(all).length > 0 && { StringEquals: all }),
    ...aliases.others,
    ...(context.Null && { Null: context.Null }),
    ...(conditions.multiFactorAuth && { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
  };
}

/** Whether anything is asked of the encryption context. */
export function asksForContext(conditions: AccessConditions): boolean {
  return Object.keys(conditions.encryptionContext ?? {}).length > 0 || (conditions.requiredContext ?? []).length > 0;
}

/** The value of `kms:ViaService`, which has the same suffix in every partition. */
export function viaService(scope: IConstruct, service: string): string {
  if (Token.isUnresolved(service) || service.includes('.')) {
    return service;
  }
  // An imported key can be of another Region than the stack that it is imported in.
  const { region } = Resource.isResource(scope) ? scope.env : Stack.of(scope);
  return `${service}.${region}.amazonaws.com`;
}

export const ACCESS_CONDITIONS: Shape<AccessConditions> = {
  // Its members are reported with all else that is wrong with a context.
  encryptionContext: maybe(object('an object of names and texts')),
  requiredContext: maybe(list(text)),
  viaServices: maybe(list(text)),
  callerAccounts: maybe(list(text)),
  organizationId: maybe(text),
  multiFactorAuth: maybe(flag),
  vpcEndpoints: maybe(list(having('a VPC endpoint', 'vpcEndpointId'))),
  resourceAliases: maybe(list(text)),
  requestAlias: maybe(text),
};
