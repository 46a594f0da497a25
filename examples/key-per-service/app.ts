/**
 * One key for each service
 *
 * Nineteen keys, each of which one AWS service alone can use: for whom a role of the account works with the service, and
 * for nobody who calls KMS directly.
 */
import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { AccountDelegation, CallerService, EncryptionKey, type EncryptionKeyServices } from 'cdk-keysmith';

export const app = new App();
const stack = new Stack(app, 'KeyPerService', { env: { account: '111122223333', region: 'eu-west-1' } });
const role = (id: string, assumedBy: iam.IPrincipal = new iam.AccountRootPrincipal()) =>
  new iam.Role(stack, id, { assumedBy });
const administrators = [role('Administrator')];
const user = role('Application');

const via = (service: CallerService) => (services: EncryptionKeyServices) => services.viaService(service, user);

const KEYS: Readonly<Record<string, (services: EncryptionKeyServices) => void>> = {
  acm: via(CallerService.ACM),
  backup: (services) => services.backupRole(role('BackupPlan', new iam.ServicePrincipal('backup.amazonaws.com'))),
  dynamodb: via(CallerService.DYNAMODB),
  ebs: (services) => {
    services.viaService(CallerService.EC2, user);
    services.autoScaling();
  },
  ecr: (services) => services.ecrRepository(user),
  efs: via(CallerService.EFS),
  eks: via(CallerService.EKS),
  glue: via(CallerService.GLUE),
  kinesis: via(CallerService.KINESIS),
  lambda: via(CallerService.LAMBDA),
  logs: (services) => services.logGroup(LogGroup.fromLogGroupName(stack, 'LogGroups', '/shop/*')),
  mwaa: via(CallerService.MWAA),
  rds: via(CallerService.RDS),
  s3: via(CallerService.S3),
  'secrets-manager': via(CallerService.SECRETS_MANAGER),
  'session-manager': (services) => services.sessionManager(user),
  sns: (services) => {
    services.viaService(CallerService.SNS, user);
    services.alarms();
  },
  sqs: via(CallerService.SQS),
  ssm: via(CallerService.SSM),
};

for (const [service, allow] of Object.entries(KEYS)) {
  const key = new EncryptionKey(stack, service, {
    alias: `services/${service}`,
    administrators,
    accountDelegation: AccountDelegation.ADMINISTRATION,
  });
  allow(key.services);
}
