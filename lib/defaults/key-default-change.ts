/** Something that organization defaults changed. */
export interface KeyDefaultChange {
  /** Path of the construct, `Orders/Bucket/Key`. */
  readonly path: string;

  /** Property of `kms.Key` or `kms.Alias`, or `policy` for a statement that was added. */
  readonly property: string;

  /** What the author said; `not set` where nothing was said. */
  readonly before: string;

  /** What it is now. */
  readonly after: string;
}
