import type { Grant } from '../grant.ts';
import type { Policy } from '../policy.ts';
import type { Value } from '../value.ts';

/** What is true of every caller that is not a service. */
interface Principal {
  readonly arn: Value;
  readonly account: Value;
  /** How reasons call the caller, e.g. a construct path. Default: the ARN. */
  readonly name?: string;
  /**
   * The service that calls KMS for the caller, with the caller's permissions, as `kms:ViaService` has it: e.g.
   * `s3.eu-west-1.amazonaws.com`. Left out: the caller calls KMS itself, or, in an open question, nobody knows.
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html
   */
  readonly via?: Value;
}

/**
 * Who calls. ARNs are those that IAM compares: a role session has both its role's ARN and its own, a federated user its
 * own and that of the IAM user who federated it. `service`: an AWS service that calls for itself, e.g.
 * `sns.amazonaws.com`.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export type Caller =
  | (Principal & { readonly type: 'role-session'; readonly roleArn: Value })
  | (Principal & { readonly type: 'user' })
  | (Principal & { readonly type: 'federated-user'; readonly userArn?: Value })
  | (Principal & { readonly type: 'root' })
  | { readonly type: 'service'; readonly service: Value; readonly name?: string };

/** One question to the engine. */
export interface KmsRequest {
  /** One IAM action with its prefix, e.g. `kms:Decrypt`. ReEncrypt is asked as `kms:ReEncryptFrom` and `kms:ReEncryptTo`. */
  readonly action: string;
  readonly caller: Caller;
  /**
   * ARN of the key, also where the request names it by an alias; ARN of the alias for the alias side of alias
   * operations; `*` for the operations that concern no key.
   */
  readonly resource: Value;
  /** Account that owns the key. */
  readonly resourceAccount: Value;
  /**
   * Condition keys with their values, e.g. `kms:EncryptionContext:tenant`. Names are compared without regard to case.
   * A key that is not there is absent, unless `open` says that nobody knows yet.
   */
  readonly context: Readonly<Record<string, Value | readonly Value[]>>;
  /**
   * Finds what `context` says of one condition key, by its name in lower case; undefined: nothing. For whoever is asked
   * often, and to whom it is dear to make the whole of it: `context` is then read rarely, and may be a getter. Left out:
   * `context` is searched.
   */
  readonly find?: (name: string) => readonly Value[] | undefined;
  /**
   * Left out: the context is complete (a request at run time).
   * `true`: condition keys that are not in `context` may or may not be sent (a question about a template); conditions
   * on them become residual conditions of the answer.
   */
  readonly open?: boolean;
  /** `AWS`: an AWS managed key, which resource control policies do not reach. Default `CUSTOMER`. */
  readonly keyManager?: 'CUSTOMER' | 'AWS';
  /** The grant tokens of the request. Default none. */
  readonly grantTokens?: readonly string[];
  /** For `kms:RetireGrant`: {@link Grant.id} of the grant to retire. Left out: any of the grants that are known. */
  readonly grantId?: string;
}

/** Every policy and every grant that may speak about the request. A layer that is left out does not limit. */
export interface PolicyLayers {
  /** Undefined: not known, and nothing about the key can be decided; or there is no key. */
  readonly keyPolicy: Policy | undefined;
  readonly identityPolicies: readonly Policy[];
  readonly permissionsBoundary?: Policy;
  readonly sessionPolicies?: readonly Policy[];
  /** The grants on the key. Left out: none that is known. */
  readonly grants?: readonly Grant[];
  /**
   * Service control policies of the caller's organization: a list for the root, one for each organizational unit down to
   * the account, and one for the account. To be left out for a caller of the management account, which none limits.
   */
  readonly serviceControlPolicies?: readonly (readonly Policy[])[];
  /** Resource control policies of the key's organization, of all levels: they only ever deny. */
  readonly resourceControlPolicies?: readonly Policy[];
  /** Policy of the VPC endpoint that the request goes through. Left out: it goes through none. */
  readonly endpointPolicy?: Policy;
}
