import { splitArn } from '../symbolic/arn.ts';
import { inWords } from '../symbolic/text.ts';
import type { Value } from '../value.ts';

/**
 * Policies of AWS that certainly do not speak about KMS: they allow a service's code to write logs, traces and
 * metrics, or to read its queue or stream. Any other policy of AWS is unknown here.
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
const WITHOUT_KMS: ReadonlySet<string> = new Set([
  'policy/AWSXRayDaemonWriteAccess',
  'policy/CloudWatchLambdaInsightsExecutionRolePolicy',
  'policy/service-role/AWSLambdaBasicExecutionRole',
  'policy/service-role/AWSLambdaDynamoDBExecutionRole',
  'policy/service-role/AWSLambdaKinesisExecutionRole',
  'policy/service-role/AWSLambdaSQSQueueExecutionRole',
  'policy/service-role/AWSLambdaVPCAccessExecutionRole',
  'policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs',
  'policy/service-role/AmazonECSTaskExecutionRolePolicy',
]);

/** How a managed policy of elsewhere is called; undefined: it certainly does not matter for KMS. */
export function unknownPolicyName(arn: Value): string | undefined {
  const [, , service, , account, resource] = splitArn(arn) ?? [];
  if (service === 'iam' && account === 'aws' && typeof resource === 'string') {
    return WITHOUT_KMS.has(resource) ? undefined : resource.slice('policy/'.length);
  }
  return inWords(arn);
}
