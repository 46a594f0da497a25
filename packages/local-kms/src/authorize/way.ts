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
  readonly endpoint: VpcEndpoint | undefined;
}

/** What a test may say about a call. */
export interface ClaimedWay {
  /**
   * The service that calls for the principal, with its permissions: `s3`, or the whole value of `kms:ViaService`, such as
   * `s3.eu-west-1.amazonaws.com`. Default: the principal calls KMS itself.
   */
  readonly via?: string;
  /** VPC endpoint of the app that the call comes through: id, construct path or its end. Default: none. */
  readonly vpcEndpoint?: string;
}

/** Headers that say the same. They need no signature: they are no claim about who calls. */
export const VIA_HEADER = 'x-keysmith-via';
export const ENDPOINT_HEADER = 'x-keysmith-vpc-endpoint';

export const NO_CLAIMS: Claims = { via: undefined, endpoint: undefined };
