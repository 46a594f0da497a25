import { type Duration, Token } from 'aws-cdk-lib';
import { AccountDelegation } from '../policy/account-delegation';
import { principalProblems } from '../policy/principals';
import { problems } from '../private/rules';
import { aliasProblems } from './alias-name';
import type { EncryptionKeyProps } from './encryption-key-props';
import { KEY_LIMITS } from './limits';

/** Everything that is wrong with the properties; tokens are passed over, not guessed. */
export function encryptionKeyProblems(props: EncryptionKeyProps): string[] {
  const administrators = props.administrators ?? [];
  const descriptionLength = Token.isUnresolved(props.description) ? 0 : (props.description ?? '').length;
  return [
    ...(props.alias === undefined ? [] : aliasProblems(props.alias)),
    ...problems([
      {
        when: descriptionLength > KEY_LIMITS.description,
        message: `description of ${descriptionLength} characters: at most ${KEY_LIMITS.description} are allowed; shorten it`,
      },
      {
        when: props.enableKeyRotation === false && props.rotationPeriod !== undefined,
        message: 'rotationPeriod is given although enableKeyRotation is false; leave one of them out',
      },
      {
        when: props.accountDelegation === AccountDelegation.NONE && administrators.length === 0,
        message:
          'accountDelegation NONE without administrators: nobody could change the key policy any more, which KMS refuses; name administrators or use AccountDelegation.ADMINISTRATION',
      },
    ]),
    ...rangeProblems('rotationPeriod', props.rotationPeriod, KEY_LIMITS.rotationPeriod),
    ...rangeProblems('pendingWindow', props.pendingWindow, KEY_LIMITS.pendingWindow),
    ...principalProblems('administrators', administrators),
    ...principalProblems('users', props.users ?? []),
  ];
}

function rangeProblems(prop: string, duration: Duration | undefined, range: { min: number; max: number }): string[] {
  if (duration === undefined || duration.isUnresolved()) {
    return [];
  }
  const days = duration.toDays({ integral: false });
  return problems([
    {
      when: !Number.isInteger(days) || days < range.min || days > range.max,
      message: `${prop} of ${days} days: KMS takes whole days from ${range.min} to ${range.max}; use for instance Duration.days(${range.min})`,
    },
  ]);
}
