import { readGrantToken } from '../state/grant.ts';
import { faults } from '../wire/texts.ts';
import { GRANT_ID, grantNamed, isDryRun } from './grants.ts';
import { DRY_RUN, GRANT_TOKEN, KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_RetireGrant.html */
export const retireGrant = operation({
  input: { GrantToken: GRANT_TOKEN, KeyId: KEY_ID, GrantId: GRANT_ID, DryRun: DRY_RUN },
  keys: [{ role: 'key', member: 'KeyId', alias: false, grantToken: 'GrantToken', grantId: 'GrantId' }],
  permissions: [{ action: 'kms:RetireGrant', on: 'key' }],
  states: 'any',
  usages: [],
  event: { readOnly: false },
  check({ GrantToken, KeyId, GrantId }) {
    const named = KeyId !== undefined && GrantId !== undefined;
    const nothingElse = KeyId === undefined && GrantId === undefined;
    if (GrantToken === undefined ? named : nothingElse) return;
    throw faults.validation('Specify either a GrantToken, or both a KeyId and a GrantId');
  },
  run(input, keys, { world }) {
    const key = keyIn(keys, 'key');
    const { GrantToken, GrantId = readGrantToken(world.store, GrantToken ?? '')?.id ?? '' } = input;
    const { id } = grantNamed(key, GrantId);
    if (!isDryRun(input)) key.grants.delete(id);
    return undefined;
  },
});
