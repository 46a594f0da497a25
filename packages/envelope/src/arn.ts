/** The parts of a key ARN that this package uses. */
export interface KeyArn {
  readonly region: string;
}

const KEY_ARN = /^arn:[a-z0-9-]{1,32}:kms:([a-z0-9-]{1,64}):[0-9]{12}:key\/[A-Za-z0-9-]{1,256}$/;
const ALIAS_ARN = /^arn:[^:]+:kms:[^:]+:[^:]+:alias\//;

/**
 * Reads the ARN of a KMS key; `undefined` for everything else, aliases included: an alias can be pointed at another
 * key by whoever may change it.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id-key-ARN
 */
export function parseKeyArn(text: string): KeyArn | undefined {
  const region = KEY_ARN.exec(text)?.[1];
  return region === undefined ? undefined : { region };
}

/** Whether the text is the ARN of an alias, which errors explain by itself. */
export function isAliasArn(text: string): boolean {
  return ALIAS_ARN.test(text);
}
