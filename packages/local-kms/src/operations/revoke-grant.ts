import { GRANT_ID, grantNamed, isDryRun } from './grants.ts';
import { DRY_RUN, REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_RevokeGrant.html */
export const revokeGrant = operation({
  input: { KeyId: REQUIRED_KEY_ID, GrantId: { ...GRANT_ID, required: true }, DryRun: DRY_RUN },
  keys: [{ role: 'key', member: 'KeyId', alias: false }],
  permissions: [{ action: 'kms:RevokeGrant', on: 'key' }],
  states: 'any',
  usages: [],
  event: { readOnly: false },
  run(input, keys) {
    const key = keyIn(keys, 'key');
    const { id } = grantNamed(key, input.GrantId);
    if (!isDryRun(input)) key.grants.delete(id);
    return undefined;
  },
});
