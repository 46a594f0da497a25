import { hiddenText } from '../authorize/denial.ts';
import { arnOf } from '../identity/principal.ts';
import { page } from '../state/pages.ts';
import { aliasesOf, partitionFor } from '../state/store.ts';
import { faults } from '../wire/texts.ts';
import { KEY_ID, MARKER } from './members.ts';
import { operation } from './operation.ts';

const DEFAULT_LIMIT = 50;

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_ListAliases.html */
export const listAliases = operation({
  // The service model allows 1,000 a page; the documentation of this operation allows 100.
  input: { KeyId: KEY_ID, Limit: { type: 'number', min: 1, max: 100 }, Marker: MARKER },
  keys: [{ role: 'key', member: 'KeyId', alias: false, optional: true }],
  permissions: [{ action: 'kms:ListAliases', on: 'account' }],
  states: 'any',
  usages: [],
  event: { readOnly: true },
  run(input, keys, { world, account, region, identity }) {
    const key = keys.get('key')?.key;
    // No key policy is asked, so that none could allow it; a key that is not there has the same answer.
    if (key !== undefined && key.account !== account) {
      throw faults.accessDenied(
        hiddenText(arnOf(identity), 'kms:ListAliases', key.arn),
        'the key is in another account',
      );
    }
    const all = key ? aliasesOf(world.store, key) : partitionFor(world.store, account, region).aliases.values();
    const scope = `ListAliases ${key?.arn ?? ''}`;
    const { items, nextMarker } = page(all, (alias) => alias.name, scope, input.Limit ?? DEFAULT_LIMIT, input.Marker);
    return {
      Aliases: items.map((alias) => ({
        AliasArn: alias.arn,
        AliasName: alias.name,
        CreationDate: alias.createdAt,
        LastUpdatedDate: alias.updatedAt,
        TargetKeyId: alias.keyId,
      })),
      ...(nextMarker !== undefined && { NextMarker: nextMarker }),
      Truncated: nextMarker !== undefined,
    };
  },
});
