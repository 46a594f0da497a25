import { CfnResource, Token } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { knownKey } from '../keys/declared-keys';

/** What KMS compares when an alias moves. */
interface AliasKind {
  readonly type: 'symmetric' | 'asymmetric' | 'HMAC';
  readonly usage: string;
}

/**
 * Why KMS would not move an alias from one key to the other; nothing when it would, or when too little is known.
 *
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdateAlias.html
 */
export function moveProblem(aliasName: string, from: kms.IKey, to: kms.IKey): string | undefined {
  const before = kindOf(from);
  const after = kindOf(to);
  if (before === undefined || after === undefined || (before.type === after.type && before.usage === after.usage)) {
    return undefined;
  }
  return `alias ${JSON.stringify(aliasName)} cannot move from ${from.node.path} (${described(before)}) to ${to.node.path} (${described(after)}): KMS moves an alias between keys of the same type and usage only; give the other key an alias of its own`;
}

function described({ type, usage }: AliasKind): string {
  return `${type}, ${usage}`;
}

function kindOf(key: kms.IKey): AliasKind | undefined {
  const kind = knownKey(key)?.kind;
  if (kind !== undefined) {
    return { type: typeOf(kind.symmetric, kind.usage), usage: kind.usage };
  }
  const resource = key.node.defaultChild ?? key;
  if (!CfnResource.isCfnResource(resource) || resource.cfnResourceType !== 'AWS::KMS::Key') {
    return undefined;
  }
  const { keySpec = 'SYMMETRIC_DEFAULT', keyUsage = 'ENCRYPT_DECRYPT' } = resource as kms.CfnKey;
  const known = !Token.isUnresolved(keySpec) && !Token.isUnresolved(keyUsage);
  return known ? { type: typeOf(keySpec === 'SYMMETRIC_DEFAULT', keyUsage), usage: keyUsage } : undefined;
}

function typeOf(symmetric: boolean, usage: string): AliasKind['type'] {
  if (usage === 'GENERATE_VERIFY_MAC') {
    return 'HMAC';
  }
  return symmetric ? 'symmetric' : 'asymmetric';
}
