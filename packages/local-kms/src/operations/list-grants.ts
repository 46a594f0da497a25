import { page } from '../state/pages.ts';
import { faults } from '../wire/texts.ts';
import {
  DEFAULT_GRANTS_LIMIT,
  GRANT_ID,
  GRANT_SERVICE_PRINCIPAL,
  GRANTS_LIMIT,
  grantListEntry,
  grantNamed,
  PRINCIPAL,
} from './grants.ts';
import { MARKER, REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_ListGrants.html */
export const listGrants = operation({
  input: {
    Limit: GRANTS_LIMIT,
    Marker: MARKER,
    KeyId: REQUIRED_KEY_ID,
    GrantId: GRANT_ID,
    GranteePrincipal: PRINCIPAL,
    GranteeServicePrincipal: GRANT_SERVICE_PRINCIPAL,
  },
  keys: [{ role: 'key', member: 'KeyId', alias: false }],
  permissions: [{ action: 'kms:ListGrants', on: 'key' }],
  states: 'any',
  usages: [],
  event: { readOnly: true },
  check({ GranteePrincipal, GranteeServicePrincipal }) {
    if (GranteeServicePrincipal === undefined) return;
    const both = 'Specify either GranteePrincipal or GranteeServicePrincipal, and not both';
    throw faults.validation(
      GranteePrincipal === undefined ? 'Only service principals can filter by GranteeServicePrincipal' : both,
    );
  },
  run({ GrantId, GranteePrincipal, Limit, Marker }, keys) {
    const key = keyIn(keys, 'key');
    const asked = GrantId === undefined ? [...key.grants.values()] : [grantNamed(key, GrantId)];
    const found = asked.filter(
      ({ terms }) => GranteePrincipal === undefined || terms.granteePrincipal === GranteePrincipal,
    );
    const scope = `ListGrants ${key.arn} ${GrantId ?? ''} ${GranteePrincipal ?? ''}`;
    const { items, nextMarker } = page(found, ({ id }) => id, scope, Limit ?? DEFAULT_GRANTS_LIMIT, Marker);
    return {
      Grants: items.map((grant) => grantListEntry(key, grant)),
      ...(nextMarker !== undefined && { NextMarker: nextMarker }),
      Truncated: nextMarker !== undefined,
    };
  },
});
