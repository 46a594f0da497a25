import { type CfnDeletionPolicy, CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** What becomes of the resource of a construct with its stack, as the template says it: `Delete`, `Retain`, …. */
export function deletionPolicyOf({ node }: IConstruct): CfnDeletionPolicy | undefined {
  const resource = node.defaultChild;
  return CfnResource.isCfnResource(resource) ? resource.cfnOptions.deletionPolicy : undefined;
}
