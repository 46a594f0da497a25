/** The parts of the ARN of a key or an alias that this package uses. */
export interface KmsArn {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  /** The key's id or the alias's name. */
  readonly id: string;
}

/** The ARN of a KMS key. */
export const KEY_ARN = /^arn:([a-z0-9-]{1,32}):kms:([a-z0-9-]{1,64}):([0-9]{12}):key\/([A-Za-z0-9-]{1,256})$/;
const ALIAS_ARN = /^arn:([a-z0-9-]{1,32}):kms:([a-z0-9-]{1,64}):([0-9]{12}):alias\/([A-Za-z0-9/_-]{1,250})$/;

/**
 * Reads the ARN of a KMS key; `undefined` for everything else, aliases included: an alias can be pointed at another
 * key by whoever may change it.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id-key-ARN
 */
export function parseKeyArn(text: string): KmsArn | undefined {
  return parsed(KEY_ARN, text);
}

/** Reads the ARN of an alias; `undefined` for everything else. */
export function parseAliasArn(text: string): KmsArn | undefined {
  return parsed(ALIAS_ARN, text);
}

/**
 * Whether two key ARNs name replicas of the same multi-Region key, which have the same key material: equal but for the
 * Region, and a key id that begins with `mrk-`.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
 */
export function areReplicas(one: KmsArn, other: KmsArn): boolean {
  const same = one.partition === other.partition && one.account === other.account && one.id === other.id;
  return same && one.id.startsWith('mrk-');
}

function parsed(pattern: RegExp, text: string): KmsArn | undefined {
  const [, partition, region, account, id] = pattern.exec(text) ?? [];
  if (partition === undefined || region === undefined || account === undefined || id === undefined) return undefined;
  return { partition, region, account, id };
}
