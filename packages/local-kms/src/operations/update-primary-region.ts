import { keyArn } from '../state/arn.ts';
import { isPrimary, makePrimary } from '../state/family.ts';
import { faults } from '../wire/texts.ts';
import { REGION, REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdatePrimaryRegion.html */
export const updatePrimaryRegion = operation({
  input: { KeyId: REQUIRED_KEY_ID, PrimaryRegion: REGION },
  keys: [
    { role: 'key', member: 'KeyId', alias: false },
    { role: 'replicaKey', member: 'KeyId', alias: false, region: 'PrimaryRegion', optional: true },
  ],
  permissions: [
    { action: 'kms:UpdatePrimaryRegion', on: 'key' },
    { action: 'kms:UpdatePrimaryRegion', on: 'replicaKey', region: 'PrimaryRegion' },
  ],
  states: 'granting',
  usages: [],
  event: { readOnly: false },
  run({ PrimaryRegion }, keys, { world }) {
    const key = keyIn(keys, 'key');
    if (!key.multiRegion || !isPrimary(key)) throw faults.notPrimary(key.arn);
    const replica = keys.get('replicaKey')?.key;
    if (replica === undefined) throw faults.keyNotFound(keyArn(key.account, PrimaryRegion, key.id));
    if (replica === key) throw faults.unworded(`the primary key is in ${PrimaryRegion} already`);
    makePrimary(replica);
    if (replica.rotation.automatic !== undefined) world.store.rotating.add(replica.family);
    return undefined;
  },
});
