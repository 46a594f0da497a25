import { CfnResource, Stack } from 'aws-cdk-lib';
import { resourceJson, targetsIn } from './references';

const KEYS = new Set(['AWS::KMS::Key', 'AWS::KMS::ReplicaKey', 'AWS::KMS::Alias']);

/**
 * Whether a resource needs no key, itself or through anything that it refers to in its stack.
 *
 * Only such a resource may be referred to from a key policy. Were resources allowed that need some other key, two keys
 * could still wait for each other; this way no key policy can be part of a circle.
 */
export function standsWithoutKey(resource: CfnResource): boolean {
  const stack = Stack.of(resource);
  const seen = new Set<CfnResource>([resource]);
  for (const each of seen) {
    if (KEYS.has(each.cfnResourceType)) {
      return false;
    }
    const json = resourceJson(each);
    if (hasRawReference(json.value)) {
      return false;
    }
    const needed = [...targetsIn(json.value, json), ...each.obtainDependencies()].filter(CfnResource.isCfnResource);
    for (const next of needed.filter((one) => Stack.of(one) === stack)) {
      seen.add(next);
    }
  }
  return true;
}

/** A reference by logical id that somebody wrote by hand: whom it means is not followed, so it may be a key. */
function hasRawReference(value: unknown): boolean {
  return /"Fn::GetAtt":|"Fn::Sub":|"Ref":"(?!AWS::)/.test(JSON.stringify(value) ?? '');
}
