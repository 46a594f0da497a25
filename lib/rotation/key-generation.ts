/** What is said about a generation of keys, whatever they are for. */
export interface KeyGeneration {
  /**
   * Name of the generation, for instance `2027`: 1 to 64 letters, digits, `_`, `-`. It decides about the logical id of the
   * key: with another name the template has another key.
   */
  readonly id: string;

  /**
   * Whether the key is disabled and loses its permissions. Generations are retired in their order, and never one that is
   * current. Retired means for now: it can be taken back. A key that is left out of the list leaves the stack, and is kept
   * in the account unless its `removalPolicy` says otherwise. One that is given as `key` is not disabled by this.
   *
   * IMPORTANT: whatever was encrypted or authenticated under a retired key cannot be read or verified in KMS.
   *
   * @default false
   */
  readonly retired?: boolean;
}

/** What is said about all generations together, whatever they are for. */
export interface KeyGenerationsProps {
  /**
   * Alias of the current generation, with or without `alias/`: 1 to 256 letters, digits, `/`, `_`, `-`, `:`. It moves with
   * `current`, without a replacement. It is in the Region of the stack alone: replicas of generations have none.
   *
   * @default - no alias
   */
  readonly alias?: string;

  /**
   * Id of the generation that encrypts, signs or authenticates. It can be moved forth and back: no key is replaced.
   *
   * @default - the last of `generations`
   */
  readonly current?: string;

  /**
   * Ids of generations that may do, besides the current one, what only the current one does. Name the former one here in
   * the deployment that moves `current`, and leave it out in the next: then no request fails in between, whether it finds
   * the alias before or after.
   *
   * @default - none
   */
  readonly alsoActive?: string[];
}
