/**
 * Events, messages and alarms
 *
 * One key for a bus, a topic, two queues and the alarm about them. Each service is let in for the resource that it acts
 * for, and the key and its resources do not wait for each other.
 */
import { App, Stack } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as sns from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { AccountDelegation, EncryptionKey } from 'cdk-keysmith';

export const app = new App();
const stack = new Stack(app, 'Messages', { env: { account: '111122223333', region: 'eu-west-1' } });
const key = new EncryptionKey(stack, 'Key', {
  alias: 'messages',
  accountDelegation: AccountDelegation.ADMINISTRATION,
});

const bus = new events.EventBus(stack, 'Bus', { eventBusName: 'orders', kmsKey: key });
const dead = new sqs.Queue(stack, 'Dead', { encryptionMasterKey: key, enforceSSL: true });
const queue = new sqs.Queue(stack, 'Queue', {
  encryptionMasterKey: key,
  enforceSSL: true,
  deadLetterQueue: { queue: dead, maxReceiveCount: 3 },
});
const topic = new sns.Topic(stack, 'Topic', { topicName: 'orders', masterKey: key, enforceSSL: true });

topic.addSubscription(new SqsSubscription(queue));
new events.Rule(stack, 'Rule', {
  ruleName: 'placed',
  eventBus: bus,
  eventPattern: { detailType: ['OrderPlaced'] },
  targets: [new targets.SqsQueue(queue)],
});
dead
  .metricApproximateNumberOfMessagesVisible()
  .createAlarm(stack, 'Alarm', { alarmName: 'dead-letters', threshold: 1, evaluationPeriods: 1 })
  .addAlarmAction(new SnsAction(topic));
