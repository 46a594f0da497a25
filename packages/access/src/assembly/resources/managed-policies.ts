import type { Policy } from '../../policy.ts';
import { splitArn } from '../../symbolic/arn.ts';
import { inWords } from '../../symbolic/text.ts';
import type { Value } from '../../value.ts';

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

/** What is known of a managed policy whose text is not in the app. */
export type KnownPolicy =
  | { readonly is: 'known'; readonly policy: Policy }
  /** It certainly does not speak about KMS. */
  | { readonly is: 'silent' }
  | { readonly is: 'unknown'; readonly name: string; readonly why: string };

export function awsManagedPolicy(arn: Value): KnownPolicy {
  const [, , service, , account, resource] = splitArn(arn) ?? [];
  if (service === 'iam' && account === 'aws' && typeof resource === 'string') {
    if (WITHOUT_KMS.has(resource)) return { is: 'silent' };
    return { is: 'unknown', name: resource.slice('policy/'.length), why: 'its text is not in the app' };
  }
  return { is: 'unknown', name: inWords(arn), why: 'its text is not in the app' };
}
