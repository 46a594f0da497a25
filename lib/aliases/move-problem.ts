import type * as kms from 'aws-cdk-lib/aws-kms';
import { kindOf } from '../keys/kind-of';
import type { KeyKind } from '../policy/key-uses';

/**
 * Why KMS would not move an alias from one key to the other; nothing when it would, or when too little is known.
 *
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdateAlias.html
 */
export function moveProblem(aliasName: string, from: kms.IKey, to: kms.IKey): string | undefined {
  const [before, after] = [described(kindOf(from)), described(kindOf(to))];
  if (before === undefined || after === undefined || before === after) {
    return undefined;
  }
  return `alias ${JSON.stringify(aliasName)} cannot move from ${from.node.path} (${before}) to ${to.node.path} (${after}): KMS moves an alias between keys of the same type and usage only; give the other key an alias of its own`;
}

/** The type of a key and its usage: what KMS compares. */
function described(kind: KeyKind | undefined): string | undefined {
  if (kind === undefined) {
    return undefined;
  }
  const { usage, symmetric } = kind;
  if (usage === 'GENERATE_VERIFY_MAC') {
    return `HMAC, ${usage}`;
  }
  return `${symmetric ? 'symmetric' : 'asymmetric'}, ${usage}`;
}
