import type * as kms from 'aws-cdk-lib/aws-kms';
import { having, key, list, maybe, type Shape, text, texts } from '../private/shape';
import type { GrantOperation } from './grant-operation';
import type { GrantPrincipal } from './grant-principal';

/** Properties of a `KmsGrant`. A change of any of them makes a new grant, and revokes the old one afterwards. */
export interface KmsGrantProps {
  /** The key, of this application or imported by its ARN, in the Region of the stack. */
  readonly key: kms.IKey;

  /** Who may use the key. */
  readonly grantee: GrantPrincipal;

  /** What the grantee may do: at least one operation, and only such as the key has. */
  readonly operations: GrantOperation[];

  /**
   * Encryption context that a request must carry, exactly: at most 8 pairs, values of at most 384 characters. Only for
   * symmetric encryption keys, and not together with `encryptionContextSubset`.
   *
   * IMPORTANT: encryption context is not secret. It stands in clear in CloudTrail.
   *
   * @default - any encryption context
   */
  readonly encryptionContextEquals?: Record<string, string>;

  /**
   * Encryption context that a request must carry at least: at most 8 pairs, values of at most 384 characters. Only for
   * symmetric encryption keys, and not together with `encryptionContextEquals`.
   *
   * @default - any encryption context
   */
  readonly encryptionContextSubset?: Record<string, string>;

  /**
   * ARN of the AWS resource on whose behalf a request must be made. Required when the grantee is an AWS service.
   *
   * @default - on whosever behalf
   */
  readonly sourceArn?: string;

  /**
   * Who may retire the grant, besides the account of the key. Required when the grantee is an AWS service.
   *
   * @default - nobody besides the account of the key, and the grantee with `GrantOperation.RETIRE_GRANT`
   */
  readonly retiringPrincipal?: GrantPrincipal;

  /**
   * Name of the grant on its key: 1 to 256 letters, digits, `:`, `/`, `_`, `-`. With it, a request that is made twice is
   * one grant. It stands in clear in CloudTrail.
   *
   * @default - made of the stack's name and the construct path
   */
  readonly grantName?: string;
}

export const KMS_GRANT: Shape<KmsGrantProps> = {
  key,
  grantee: having('a GrantPrincipal', '_problems'),
  operations: list(text),
  encryptionContextEquals: maybe(texts),
  encryptionContextSubset: maybe(texts),
  sourceArn: maybe(text),
  retiringPrincipal: maybe(having('a GrantPrincipal', '_problems')),
  grantName: maybe(text),
};
