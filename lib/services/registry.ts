import { CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { resourceJson, targetsIn, valuesAt } from './references';
import type { ServiceAccess } from './service-access';

const ACCESS = new WeakMap<IConstruct, ServiceAccess>();

/** Makes a key known to what looks for keys of this library. */
export function registerAccess(access: ServiceAccess): void {
  ACCESS.set(access.host.key, access);
}

/** Who is let in to a key; undefined for a key that is not of this library. */
export function accessOf(key: IConstruct): ServiceAccess | undefined {
  return ACCESS.get(key);
}

/** The key of this library that an element of a template is, or that an alias stands for. */
export function keyBehind(element: IConstruct): ServiceAccess | undefined {
  if (!CfnResource.isCfnResource(element)) {
    return undefined;
  }
  if (element.cfnResourceType === 'AWS::KMS::Key' || element.cfnResourceType === 'AWS::KMS::ReplicaKey') {
    return element.node.scope === undefined ? undefined : ACCESS.get(element.node.scope);
  }
  if (element.cfnResourceType !== 'AWS::KMS::Alias') {
    return undefined;
  }
  const alias = resourceJson(element);
  const [target] = targetsIn(valuesAt(alias.properties, 'TargetKeyId'), alias);
  return target === undefined ? undefined : keyBehind(target);
}
