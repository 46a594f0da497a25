import { Annotations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { ServiceAccess } from './service-access';
import type { UseId } from './service-uses';

/** Lets those who call a service in; nobody in particular stands for the account, so that its IAM policies decide. */
export function allowCallers(access: ServiceAccess, use: UseId, principals: readonly iam.IPrincipal[]): void {
  if (principals.length === 0 && access.host.useDelegated) {
    Annotations.of(access.host.key).addWarningV2(
      'cdk-keysmith:identityWithoutEffect',
      `services: ${use} without principals adds nothing, because IAM policies of the account decide about all use of this key already; name principals, or use AccountDelegation.ADMINISTRATION`,
    );
  }
  access.allowIdentities(use, principals.length === 0 ? [new iam.AccountRootPrincipal()] : principals);
}
