import type { Policy } from '../policy.ts';
import type { Value } from '../value.ts';

/**
 * Who calls. ARNs are those that IAM compares: a role session has both its role's ARN and its own.
 * `name` is how reasons call the caller, e.g. a construct path; default: the ARN.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export type Caller =
  | {
      readonly type: 'role-session';
      readonly arn: Value;
      readonly roleArn: Value;
      readonly account: Value;
      readonly name?: string;
    }
  | { readonly type: 'user'; readonly arn: Value; readonly account: Value; readonly name?: string }
  | { readonly type: 'root'; readonly arn: Value; readonly account: Value; readonly name?: string }
  | { readonly type: 'service'; readonly service: Value; readonly name?: string };

/** One question to the engine. */
export interface KmsRequest {
  /** One IAM action with its prefix, e.g. `kms:Decrypt`. ReEncrypt is asked as `kms:ReEncryptFrom` and `kms:ReEncryptTo`. */
  readonly action: string;
  readonly caller: Caller;
  /** ARN of the key, or `*` for the operations that concern no key. */
  readonly resource: Value;
  /** Account that owns the key. */
  readonly resourceAccount: Value;
  /**
   * Condition keys with their values, e.g. `kms:EncryptionContext:tenant`. Names are compared without regard to case.
   * A key that is not there is absent, unless `open` says that nobody knows yet.
   */
  readonly context: Readonly<Record<string, Value | readonly Value[]>>;
  /**
   * Left out: the context is complete (a request at run time).
   * `true`: condition keys that are not in `context` may or may not be sent (a question about a template); conditions
   * on them become residual conditions of the answer.
   */
  readonly open?: boolean;
}

/** Every policy that may speak about the request. */
export interface PolicyLayers {
  readonly keyPolicy: Policy | undefined;
  readonly identityPolicies: readonly Policy[];
  readonly permissionsBoundary?: Policy;
  readonly sessionPolicies?: readonly Policy[];
}
