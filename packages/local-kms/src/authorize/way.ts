import type { Policy } from '@cdk-keysmith/access';

/** A VPC endpoint for KMS. */
export interface VpcEndpoint {
  /** `vpce-` and 17 hexadecimal digits. */
  readonly id: string;
  /** Undefined: not known before deployment. */
  readonly vpcId: string | undefined;
  readonly account: string;
  readonly policy: Policy;
}

/**
 * On which way a request came, as far as nobody but AWS could know it: a test says so, and is believed. It takes nothing
 * away from who signed the request.
 */
export interface Claims {
  /** Service that calls with the caller's permissions, as `kms:ViaService` has it: `s3.eu-west-1.amazonaws.com`. */
  readonly via: string | undefined;
  /** The chain of services, first to last, as `aws:CalledVia` has it. Empty: the key is absent. */
  readonly calledVia: readonly string[];
  readonly endpoint: VpcEndpoint | undefined;
}

/** What a test may say about a call. */
export interface ClaimedWay {
  /**
   * The service that calls for the principal, with its permissions: `s3`, or the whole value of `kms:ViaService`, such as
   * `s3.eu-west-1.amazonaws.com`. Default: the principal calls KMS itself.
   */
  readonly via?: string;
  /**
   * What `aws:CalledVia` has with `via`: service principals in the order in which they called each other. Only some services
   * fill it, and AWS adds to them, so that it is not made from `via`. 1 to 10. Default: the key is absent.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-calledvia
   */
  readonly calledVia?: readonly string[];
  /** VPC endpoint of the app that the call comes through: id, construct path or its end. Default: none. */
  readonly vpcEndpoint?: string;
}

/** Headers that say the same. They need no signature: they are no claim about who calls. */
export const VIA_HEADER = 'x-keysmith-via';
export const CALLED_VIA_HEADER = 'x-keysmith-called-via';
export const ENDPOINT_HEADER = 'x-keysmith-vpc-endpoint';

export const NO_CLAIMS: Claims = { via: undefined, calledVia: [], endpoint: undefined };
