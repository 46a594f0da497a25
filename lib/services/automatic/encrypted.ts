import { type CfnElement, CfnResource } from 'aws-cdk-lib';
import { resourceJson, targetsIn, valuesAt } from '../references';
import { keyBehind } from '../registry';
import type { ServiceAccess } from '../service-access';

/** Where topics, queues and buckets name the key that encrypts what they hold. */
const KEYS_OF = {
  'AWS::SNS::Topic': { kind: 'topic', path: 'KmsMasterKeyId' },
  'AWS::SQS::Queue': { kind: 'queue', path: 'KmsMasterKeyId' },
  'AWS::S3::Bucket': {
    kind: 'bucket',
    path: 'BucketEncryption.ServerSideEncryptionConfiguration.*.ServerSideEncryptionByDefault.KMSMasterKeyID',
  },
} as const;

/** The keys of this library that encrypt the resources, as far as they are of the kind. */
export function keysThatEncrypt(elements: readonly CfnElement[], kind: string | undefined): readonly ServiceAccess[] {
  return elements.filter(CfnResource.isCfnResource).flatMap((resource) => {
    const known = Object.entries(KEYS_OF).find(([type]) => type === resource.cfnResourceType)?.[1];
    if (known === undefined || (kind !== undefined && known.kind !== kind)) {
      return [];
    }
    const json = resourceJson(resource);
    return keysIn(targetsIn(valuesAt(json.properties, known.path), json));
  });
}

/** The keys of this library among the elements. */
export function keysIn(elements: readonly CfnElement[]): readonly ServiceAccess[] {
  return elements.flatMap((element) => keyBehind(element) ?? []);
}
