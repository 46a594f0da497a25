import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { noticeProblems } from '../import/expiry-notice';
import { knownKey } from '../keys/declared-keys';
import { problems } from '../private/rules';
import { isEvent } from './event-patterns';
import { KeyEvent } from './key-event';
import type { KeyWatchProps } from './key-watch-props';

/** A log group has at most 100 metric filters, and a key takes two of them. */
const MOST_KEYS = 49;

/** What is wrong with a watch: what it could not hear, and who would hear nothing. */
export function watchProblems(watch: IConstruct, props: KeyWatchProps): string[] {
  const { keys, events = [], topic, targets = [], alarmActions = [], trailLogGroup, failedDecrypts } = props;
  const { region, account } = Stack.of(watch);
  return [
    ...problems([
      {
        when: keys.length < 1 || keys.length > MOST_KEYS,
        message: `keys: ${keys.length} of them; a watch has 1 to ${MOST_KEYS}; make several for more`,
      },
      {
        when: topic === undefined && targets.length === 0 && alarmActions.length === 0,
        message: 'nobody would hear of anything; set topic, targets or alarmActions',
      },
      {
        when: trailLogGroup !== undefined && topic === undefined && alarmActions.length === 0,
        message: 'trailLogGroup makes alarms, and nobody would hear of them; set topic or alarmActions',
      },
      {
        when:
          failedDecrypts !== undefined &&
          !Token.isUnresolved(failedDecrypts) &&
          !(Number.isInteger(failedDecrypts) && failedDecrypts >= 1),
        message: `failedDecrypts of ${failedDecrypts}: a whole number from 1 on is allowed`,
      },
    ]),
    ...events
      .filter((event) => !isEvent(event))
      .map(
        (event) =>
          `events: ${JSON.stringify(event)} is none of ${Object.values(KeyEvent).join(', ')}; use one of them, or leave events out`,
      ),
    ...noticeProblems('materialExpiryWarning', props.materialExpiryWarning),
    ...keys.flatMap((key) =>
      problems([
        {
          when: knownKey(key)?.aliasName !== undefined,
          message: `key ${key.node.path} is imported by its alias, and events name the ARN of the key; import it by ARN or fromLookup`,
        },
        {
          when: differ(key.env.region, region) || differ(key.env.account, account),
          message: `key ${key.node.path} is in ${key.env.account} ${key.env.region} and this stack in ${account} ${region}; events arrive where the key is, so watch it in a stack there`,
        },
      ]),
    ),
  ];
}

function differ(one: string, other: string): boolean {
  return !Token.isUnresolved(one) && !Token.isUnresolved(other) && one !== other;
}
