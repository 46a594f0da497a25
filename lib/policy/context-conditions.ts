/**
 * The conditions that hold a principal to an encryption context: constants by value, required names by presence.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context
 */
export function contextConditions(
  context: Readonly<Record<string, string>>,
  requiredContext: readonly string[],
): Record<string, Record<string, string>> {
  const equals = Object.entries(context).map(([name, value]) => [conditionKey(name), literal(value)] as const);
  const present = requiredContext.map((name) => [conditionKey(name), 'false'] as const);
  return {
    ...(equals.length > 0 && { StringEquals: sorted(equals) }),
    ...(present.length > 0 && { Null: sorted(present) }),
  };
}

function conditionKey(name: string): string {
  return `kms:EncryptionContext:${name}`;
}

// IAM would read "${…}" in a condition value as a policy variable; "${$}" is how it writes a dollar sign. A token looks
// the same, and has to stay one. What is no text at all is reported.
function literal(value: string): string {
  const parts = String(value).split(/\$\{(?!Token\[[^\]]*\]\})/);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is IAM that reads this, not JavaScript
  return parts.join('${$}{');
}

function sorted(entries: readonly (readonly [string, string])[]): Record<string, string> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}
