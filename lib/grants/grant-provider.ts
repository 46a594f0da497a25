import { join } from 'node:path';
import { CustomResourceProvider, CustomResourceProviderRuntime, Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** Type of the custom resource, which `packages/access` knows. */
export const GRANT_RESOURCE_TYPE = 'Custom::KeysmithGrant';

/** Of this file in `lib/` as in `dist/`. */
const HANDLER = join(__dirname, '..', '..', 'assets', 'grant');

/** The function that makes grants: one for each stack. */
export interface GrantProvider {
  readonly serviceToken: string;
  readonly role: iam.IRole;
}

/** The function of this stack, with a role that may do nothing until a grant gives it its permissions. */
export function grantProvider(scope: Construct): GrantProvider {
  const provider = CustomResourceProvider.getOrCreateProvider(scope, GRANT_RESOURCE_TYPE, {
    codeDirectory: HANDLER,
    runtime: CustomResourceProviderRuntime.NODEJS_24_X,
    // Up to a minute of waiting for IAM, twice.
    timeout: Duration.minutes(4),
    description: 'Makes and revokes the KMS grants of this stack (cdk-keysmith)',
  });
  // By its ARN, so that permissions are resources of their own: inside of the role they would name keys whose policies
  // name the role, which is a circle.
  const role =
    provider.node.tryFindChild('Permissions') ?? iam.Role.fromRoleArn(provider, 'Permissions', provider.roleArn);
  return { serviceToken: provider.serviceToken, role: role as iam.IRole };
}
