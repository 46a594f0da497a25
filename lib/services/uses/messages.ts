import { allOf, type PolicyPlace, sourceAccount, sourceArn } from '../facts';
import { kms, page, type ServiceUse, type SourceShape, universal, uses } from '../service-use';

const SNS = page('sns/latest/dg/sns-key-management.html');
const SQS = page('AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html');

const everything =
  (service: string) =>
  ({ partition, region, account }: PolicyPlace) =>
    `arn:${partition}:${service}:${region}:${account}:*`;

/** Services that publish to an encrypted topic under a principal of their own, and how their ARNs begin. */
const PUBLISHERS = {
  codecommit: { title: 'CodeCommit', principal: 'codecommit', arn: everything('codecommit') },
  dms: { title: 'Database Migration Service', principal: 'dms', arn: everything('dms') },
  ds: { title: 'Directory Service', principal: 'ds', arn: everything('ds') },
  dynamodb: { title: 'DynamoDB', principal: 'dynamodb', arn: everything('dynamodb') },
  inspector: { title: 'Inspector', principal: 'inspector', arn: everything('inspector') },
  redshift: { title: 'Redshift', principal: 'redshift', arn: everything('redshift') },
  rds: { title: 'RDS', principal: 'events.rds', arn: everything('rds') },
  glacier: { title: 'S3 Glacier', principal: 'glacier', arn: everything('glacier') },
  ses: { title: 'SES', principal: 'ses', arn: everything('ses') },
  snowball: { title: 'Snowball', principal: 'importexport', arn: everything('snowball') },
  incidents: { title: 'Incident Manager: incidents', principal: 'ssm-incidents', arn: everything('ssm-incidents') },
  contacts: { title: 'Incident Manager: contacts', principal: 'ssm-contacts', arn: everything('ssm-contacts') },
} as const;

/** The publishers of the SNS guide, other than CloudWatch and S3, which have methods of their own. */
export type Publisher = keyof typeof PUBLISHERS;

function publisher(
  principal: string,
  source: SourceShape,
  about: Pick<ServiceUse, 'title' | 'call' | 'automatic' | 'trap'>,
): ServiceUse {
  return {
    ...about,
    principals: universal(principal),
    statements: [
      {
        actions: kms('GenerateDataKey*', 'Decrypt'),
        conditions: (facts) => allOf(sourceAccount(facts), sourceArn(facts)),
      },
    ],
    source,
    see: SNS,
  };
}

/** Automatic where a resource of CloudFormation names the topic. */
const SUBSCRIBING: readonly Publisher[] = ['dms', 'rds', 'redshift', 'ses'];

const PUBLISHER_USES = Object.fromEntries(
  Object.entries(PUBLISHERS).map(([id, { title, principal, arn }]) => [
    `publisher-${id}`,
    publisher(
      principal,
      { of: 'publisher', arn },
      {
        title: `${title}: publishes to an encrypted topic`,
        call: `topicPublisher(TopicPublisher.${id.toUpperCase()})`,
        automatic: SUBSCRIBING.some((each) => each === id),
      },
    ),
  ]),
) as Readonly<Record<`publisher-${Publisher}`, ServiceUse>>;

/** SNS and SQS: services that send to an encrypted topic or queue. */
export const MESSAGE_USES = uses({
  alarms: publisher(
    'cloudwatch',
    {
      of: 'alarm',
      arn: ({ partition, region, account }, name) => `arn:${partition}:cloudwatch:${region}:${account}:alarm:${name}`,
    },
    {
      title: 'CloudWatch: alarms to an encrypted topic',
      call: 'alarms()',
      automatic: true,
      trap: 'Without it nothing fails: the notification of the alarm is dropped. The key that AWS manages, `alias/aws/sns`, cannot have it.',
    },
  ),
  ...PUBLISHER_USES,
  topicSubscription: {
    title: 'SNS: delivers to an encrypted queue',
    call: 'topicSubscription(topic)',
    principals: universal('sns'),
    statements: [{ actions: kms('GenerateDataKey', 'Decrypt'), conditions: (facts) => sourceArn(facts, 'ArnEquals') }],
    source: {
      of: 'topic',
      arn: ({ partition, region, account }, name) => `arn:${partition}:sns:${region}:${account}:${name}`,
    },
    see: SQS,
    trap: 'When the same key encrypts topic and queue, a reference to the topic would be a circle: the statement has the name of the topic, or all topics of the account.',
    automatic: true,
  },
});
