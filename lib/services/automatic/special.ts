import { CfnResource, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { type ResourceJson, resourceJson, targetsIn, valuesAt } from '../references';
import type { ServiceAccess } from '../service-access';
import type { UseId } from '../service-uses';
import { sourceFrom } from '../sources';
import { keysIn, keysThatEncrypt } from './encrypted';

/** The role under which Auto Scaling launches instances, of the account of a key. */
export function autoScalingRole(stack: Stack): iam.IPrincipal {
  return new iam.ArnPrincipal(
    stack.formatArn({
      service: 'iam',
      region: '',
      resource: 'role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling',
    }),
  );
}

/** An Auto Scaling group: the keys of the volumes in its launch templates. */
export function scalingGroup(json: ResourceJson): void {
  const templates = ['LaunchTemplate', 'MixedInstancesPolicy.LaunchTemplate']
    .flatMap((path) => targetsIn(valuesAt(json.properties, path), json))
    .filter(CfnResource.isCfnResource)
    .filter(({ cfnResourceType }) => cfnResourceType === 'AWS::EC2::LaunchTemplate');
  for (const template of new Set(templates)) {
    const launch = resourceJson(template);
    const named = valuesAt(launch.properties, 'LaunchTemplateData.BlockDeviceMappings.*.Ebs.KmsKeyId');
    for (const access of automatic(keysIn(targetsIn(named, launch)))) {
      access.allowIdentities('autoScaling', [autoScalingRole(Stack.of(access.host.key))]);
    }
  }
}

const WRITES = /"(?:PUT|POST|PATCH)"/;

/** A distribution: the keys of the buckets that it reaches by origin access control. */
export function distribution(resource: CfnResource, json: ResourceJson): void {
  const origins = valuesAt(json.properties, 'DistributionConfig.Origins.*').filter(
    (origin) => valuesAt(origin, 'OriginAccessControlId').length > 0,
  );
  const behaviors = ['DefaultCacheBehavior', 'CacheBehaviors'].flatMap((path) =>
    valuesAt(json.properties, `DistributionConfig.${path}`),
  );
  const buckets = targetsIn(
    origins.flatMap((origin) => valuesAt(origin, 'DomainName')),
    json,
  );
  const writes = WRITES.test(JSON.stringify(behaviors));
  for (const access of automatic(keysThatEncrypt(buckets, 'bucket'))) {
    access.allow(originUse(access, writes), sourceFrom(resource));
  }
}

/** What aws-cdk-lib was told about the levels of access says more than the methods that the distribution takes. */
function originUse(access: ServiceAccess, writes: boolean): UseId {
  const told = (['distribution', 'distributionRead'] as const).find((use) => access.has(use));
  return told ?? (writes ? 'distribution' : 'distributionRead');
}

const automatic = (keys: readonly ServiceAccess[]) => keys.filter(({ host }) => host.automatic);
