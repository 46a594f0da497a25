import { aliasNamed, partitionFor } from '../state/store.ts';
import { faults } from '../wire/texts.ts';
import { requireAliasName, requireRoomForAlias } from './aliases.ts';
import { ALIAS_NAME, REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdateAlias.html */
export const updateAlias = operation({
  input: { AliasName: ALIAS_NAME, TargetKeyId: REQUIRED_KEY_ID },
  keys: [
    { role: 'key', member: 'AliasName', alias: true },
    { role: 'newKey', member: 'TargetKeyId', alias: false },
  ],
  permissions: [
    { action: 'kms:UpdateAlias', on: 'alias' },
    { action: 'kms:UpdateAlias', on: 'key' },
    { action: 'kms:UpdateAlias', on: 'newKey' },
  ],
  // The key that the alias leaves may be on its way out.
  states: { key: 'any', newKey: 'notDying' },
  usages: [],
  event: { readOnly: false, response: 'keyId' },
  check({ AliasName }) {
    requireAliasName(AliasName);
  },
  run({ AliasName }, keys, { world, account, region, now }) {
    const [from, to] = [keyIn(keys, 'key'), keyIn(keys, 'newKey')];
    const isSymmetric = (spec: string) => spec === 'SYMMETRIC_DEFAULT';
    if (from.usage !== to.usage || isSymmetric(from.spec) !== isSymmetric(to.spec)) {
      throw faults.unworded('an alias moves only between keys of the same type and usage');
    }
    if (from !== to) requireRoomForAlias(world.store, to);
    const alias = aliasNamed(world.store, { account, region }, AliasName);
    partitionFor(world.store, account, region).aliases.set(AliasName, { ...alias, keyId: to.id, updatedAt: now });
    return undefined;
  },
});
