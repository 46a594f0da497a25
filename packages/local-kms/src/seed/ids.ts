import { createHash } from 'node:crypto';

/**
 * Ids that stay the same from one start to the next, so that ARNs in logs, databases and ciphertext headers of a day's
 * work still mean the same key. Only names come from this; key material is random at every start.
 */
function digest(...parts: readonly string[]): string {
  // JSON keeps the parts apart: ["a","bc"] and ["ab","c"] are two texts.
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** A key id: a UUID of version 4 by its form, or `mrk-` and 32 hexadecimal digits. */
export function stableKeyId(
  place: { readonly account: string; readonly region: string; readonly stack: string; readonly logicalId: string },
  multiRegion: boolean,
): string {
  const hex = digest(place.account, place.region, place.stack, place.logicalId);
  if (multiRegion) return `mrk-${hex.slice(0, 32)}`;
  const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) % 4);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Longest name of a role, and of a function. */
const MAX_NAME = 64;

/** The physical name of a resource that the app leaves unnamed: `<stack>-<logical id>`, cut to what IAM allows. */
export function stableName(stack: string, logicalId: string): string {
  const name = `${stack}-${logicalId}`.replace(/[^A-Za-z0-9-]+/g, '-');
  if (name.length <= MAX_NAME) return name;
  const suffix = `-${digest(stack, logicalId).slice(0, 8)}`;
  return name.slice(0, MAX_NAME - suffix.length) + suffix;
}

/** The id in a stack's ARN. */
export function stableUuid(...parts: readonly string[]): string {
  const [account = '', region = '', stack = '', logicalId = ''] = parts;
  return stableKeyId({ account, region, stack, logicalId }, false);
}

/** What follows the prefix in ids such as `vpce-0123456789abcdef0`: 17 hexadecimal digits. */
export function stableResourceId(account: string, region: string, stack: string, logicalId: string): string {
  return `0${digest(account, region, stack, logicalId, 'id').slice(0, 16)}`;
}
