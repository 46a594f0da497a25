import type { Value } from './value.ts';

/**
 * A KMS grant: it lets one principal use one key for some operations, without a word in any policy.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
 */
export interface Grant {
  /** How the grant is called in reasons: `grant Orders/ReaderGrant`. */
  readonly name: string;
  /** `GrantId`, where it is known. A request for `kms:RetireGrant` names the grant by it. */
  readonly id?: string;
  /** ARN of the key that the grant is on. Left out: the key that is asked about. */
  readonly key?: Value;
  /** ARN of a role, user, role session, federated user or account. A grant has this or `granteeServicePrincipal`. */
  readonly granteePrincipal?: Value;
  /** An AWS service, e.g. `dynamodb.amazonaws.com`; such a grant needs `constraints.sourceArn` and somebody who retires it. */
  readonly granteeServicePrincipal?: Value;
  readonly retiringPrincipal?: Value;
  readonly retiringServicePrincipal?: Value;
  /** Names of grant operations without the prefix of IAM actions: `Decrypt`, `ReEncryptFrom`. */
  readonly operations: readonly string[];
  readonly constraints?: GrantConstraints;
  /**
   * True for the minutes after its creation in which a grant is not yet known in all of KMS: it then counts only for
   * requests that carry one of its `tokens`. Default false.
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/using-grant-token.html
   */
  readonly needsToken?: boolean;
  /** The grant tokens that CreateGrant gave for it. */
  readonly tokens?: readonly string[];
  /** Construct path of what declares the grant, where the assembly tells it. */
  readonly constructPath?: string;
  /** Why parts of the grant are not known. It may then allow more than what is here. */
  readonly unreadable?: readonly string[];
}

/** What a request must be like for a grant to count. @see https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html */
export interface GrantConstraints {
  /** The encryption context must have exactly these pairs. At most 8, values of at most 384 characters. */
  readonly encryptionContextEquals?: Readonly<Record<string, Value>>;
  /** The encryption context must have these pairs and may have others. Limits as above. */
  readonly encryptionContextSubset?: Readonly<Record<string, Value>>;
  /** The request must be made for this resource, as `aws:SourceArn` says. */
  readonly sourceArn?: Value;
}
