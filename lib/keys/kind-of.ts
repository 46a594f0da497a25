import { CfnResource, Token } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { KeyKind } from '../policy/key-uses';
import { knownKey } from './declared-keys';
import { KEY_SPECS } from './key-specs';

/** What is known about any key, of this library or of aws-cdk-lib; undefined for one that was imported plainly. */
export function kindOf(key: kms.IKey): KeyKind | undefined {
  const known = knownKey(key)?.kind;
  const resource = key.node.defaultChild ?? key;
  if (known !== undefined) {
    return known;
  }
  if (!CfnResource.isCfnResource(resource) || resource.cfnResourceType !== 'AWS::KMS::Key') {
    return undefined;
  }
  const { keySpec = 'SYMMETRIC_DEFAULT', keyUsage = 'ENCRYPT_DECRYPT', origin, multiRegion } = resource as kms.CfnKey;
  if (Token.isUnresolved(keySpec) || !Object.hasOwn(KEY_SPECS, keySpec)) {
    return undefined;
  }
  const usage = (['ENCRYPT_DECRYPT', 'SIGN_VERIFY', 'GENERATE_VERIFY_MAC', 'KEY_AGREEMENT'] as const).find(
    (name) => name === keyUsage,
  );
  return usage === undefined
    ? undefined
    : {
        usage,
        symmetric: keySpec === 'SYMMETRIC_DEFAULT' || usage === 'GENERATE_VERIFY_MAC',
        imported: origin === 'EXTERNAL',
        multiRegion: multiRegion === true,
      };
}
