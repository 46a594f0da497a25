import { partitionFor } from '../state/store.ts';
import { requireAliasName } from './aliases.ts';
import { ALIAS_NAME } from './members.ts';
import { keyIn, operation } from './operation.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_DeleteAlias.html */
export const deleteAlias = operation({
  input: { AliasName: ALIAS_NAME },
  keys: [{ role: 'key', member: 'AliasName', alias: true }],
  permissions: [
    { action: 'kms:DeleteAlias', on: 'alias' },
    { action: 'kms:DeleteAlias', on: 'key' },
  ],
  states: 'any',
  usages: [],
  event: { readOnly: false, response: 'keyId' },
  check({ AliasName }) {
    requireAliasName(AliasName);
  },
  run({ AliasName }, keys, { world }) {
    const { account, region } = keyIn(keys, 'key');
    partitionFor(world.store, account, region).aliases.delete(AliasName);
    return undefined;
  },
});
