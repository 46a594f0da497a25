import { aliasArn } from '../state/arn.ts';
import { addAlias, aliasesOf, partitionFor } from '../state/store.ts';
import { faults } from '../wire/texts.ts';
import { REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';

const MAX_ALIASES_OF_KEY = 50;

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html */
export const createAlias = operation({
  input: {
    AliasName: { type: 'string', required: true, min: 1, max: 256, pattern: /^[a-zA-Z0-9:/_-]+$/ },
    TargetKeyId: REQUIRED_KEY_ID,
  },
  keys: [{ role: 'key', member: 'TargetKeyId', alias: false }],
  permissions: [
    { action: 'kms:CreateAlias', on: 'alias' },
    { action: 'kms:CreateAlias', on: 'key' },
  ],
  states: 'notDying',
  usages: [],
  event: { readOnly: false, response: 'keyId' },
  check({ AliasName }) {
    if (!AliasName.startsWith('alias/') || AliasName === 'alias/') throw faults.aliasPrefix();
    if (AliasName.startsWith('alias/aws/')) throw faults.aliasReserved();
  },
  run({ AliasName }, keys, { world, now }) {
    const key = keyIn(keys, 'key');
    const { aliases } = partitionFor(world.store, key.account, key.region);
    if (aliases.has(AliasName)) throw faults.aliasExists(aliasArn(key.account, key.region, AliasName));
    if (aliasesOf(world.store, key).length >= MAX_ALIASES_OF_KEY) {
      throw faults.limitExceeded(`a key has at most ${MAX_ALIASES_OF_KEY} aliases`);
    }
    addAlias(world.store, key, AliasName, now);
    return undefined;
  },
});
