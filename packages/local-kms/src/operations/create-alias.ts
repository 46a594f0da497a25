import { aliasArn } from '../state/arn.ts';
import { addAlias, partitionFor } from '../state/store.ts';
import { faults } from '../wire/texts.ts';
import { requireAliasName, requireRoomForAlias } from './aliases.ts';
import { ALIAS_NAME, REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html */
export const createAlias = operation({
  input: {
    AliasName: ALIAS_NAME,
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
    requireAliasName(AliasName);
  },
  run({ AliasName }, keys, { world, now }) {
    const key = keyIn(keys, 'key');
    const { aliases } = partitionFor(world.store, key.account, key.region);
    if (aliases.has(AliasName)) throw faults.aliasExists(aliasArn(key.account, key.region, AliasName));
    requireRoomForAlias(world.store, key);
    addAlias(world.store, key, AliasName, now);
    return undefined;
  },
});
