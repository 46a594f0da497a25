/**
 * Limits of KMS keys, each written down once.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-kms-key.html
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/limits.html
 */
export const KEY_LIMITS = {
  /** Characters of a description. */
  description: 8192,
  /** Characters of an alias name, `alias/` included. */
  aliasName: 256,
  /** Aliases of one key. */
  aliases: 50,
  /** Tags of one key. */
  tags: 50,
  /** Characters of the name of a tag. */
  tagName: 128,
  /** Characters of the value of a tag. */
  tagValue: 256,
  /** Days between automatic rotations. */
  rotationPeriod: { min: 90, max: 2560, default: 365 },
  /** Days that a deleted key waits before its material is gone. */
  pendingWindow: { min: 7, max: 30, default: 30 },
} as const;
