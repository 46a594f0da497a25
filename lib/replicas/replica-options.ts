import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { KeyAccess } from '../policy/key-access';
import { duration, flag, having, list, maybe, principal, type Shape, text, texts } from '../private/shape';

/**
 * What is particular about the replica key of one Region. KMS shares id, material, origin, spec, usage and rotation among
 * the keys of a multi-Region key; everything here is each key's own.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
 */
export interface ReplicaOptions {
  /** Region of the replica, `us-east-1`: another one than that of the primary key, in the same partition. */
  readonly region: string;

  /**
   * Alias of the replica, with or without `alias/`, by the rules of the primary's `alias`.
   *
   * @default - the alias of the primary key
   */
  readonly alias?: string;

  /**
   * Further aliases of the replica, by the rules of the primary's `aliases`. They take the place of the primary's.
   *
   * @default - the further aliases of the primary key
   */
  readonly aliases?: string[];

  /**
   * What the replica is for, in up to 8,192 characters.
   *
   * @default - the description of the primary key
   */
  readonly description?: string;

  /**
   * Principals that administer the replica. They take the place of the primary's `administrators`.
   *
   * @default - the administrators of the primary key
   */
  readonly administrators?: iam.IPrincipal[];

  /**
   * Who may do what with the replica. It takes the place of the primary's `access`; `users` count in every Region.
   *
   * @default - the access list of the primary key
   */
  readonly access?: KeyAccess[];

  /**
   * Statements of one's own, added to the key policy of the replica as they are. They take the place of the primary's
   * `policy`, which is likely to name its Region.
   *
   * @default - the statements of the primary key, as they are
   */
  readonly policy?: iam.PolicyDocument;

  /**
   * Whether the replica can be used.
   *
   * @default - as the primary key
   */
  readonly enabled?: boolean;

  /**
   * Tags of the replica, by name, by the rules of the primary's `tags`.
   *
   * @default - the tags of the primary key
   */
  readonly tags?: Record<string, string>;

  /**
   * Time between the deletion of the replica and its loss: 7 to 30 days.
   *
   * @default - that of the primary key
   */
  readonly pendingWindow?: Duration;

  /**
   * What happens to the replica and its aliases when they leave their stack.
   *
   * @default - that of the primary key
   */
  readonly removalPolicy?: RemovalPolicy;
}

export const REPLICA_OPTIONS: Shape<ReplicaOptions> = {
  region: text,
  alias: maybe(text),
  aliases: maybe(list(text)),
  description: maybe(text),
  administrators: maybe(list(principal)),
  access: maybe(list(having('a KeyAccess', '_use'))),
  policy: maybe(having('a PolicyDocument', 'addStatements')),
  enabled: maybe(flag),
  tags: maybe(texts),
  pendingWindow: maybe(duration),
  removalPolicy: maybe(text),
};
