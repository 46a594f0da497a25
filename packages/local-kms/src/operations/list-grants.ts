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
  requireService,
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
    if (GranteePrincipal === undefined || GranteeServicePrincipal === undefined) return;
    throw faults.validation('Specify either GranteePrincipal or GranteeServicePrincipal, and not both');
  },
  run({ GrantId, GranteePrincipal, GranteeServicePrincipal, Limit, Marker }, keys, { identity }) {
    const key = keyIn(keys, 'key');
    if (GranteeServicePrincipal !== undefined) requireService(identity, 'GranteeServicePrincipal');
    const asked = GrantId === undefined ? [...key.grants.values()] : [grantNamed(key, GrantId)];
    const found = asked.filter(
      ({ terms: { granteePrincipal, granteeServicePrincipal } }) =>
        (GranteePrincipal ?? granteePrincipal) === granteePrincipal &&
        (GranteeServicePrincipal ?? granteeServicePrincipal) === granteeServicePrincipal,
    );
    const scope = `ListGrants ${key.arn} ${GrantId ?? ''} ${GranteePrincipal ?? GranteeServicePrincipal ?? ''}`;
    const { items, nextMarker } = page(found, ({ id }) => id, scope, Limit ?? DEFAULT_GRANTS_LIMIT, Marker);
    return {
      Grants: items.map((grant) => grantListEntry(key, grant)),
      ...(nextMarker !== undefined && { NextMarker: nextMarker }),
      Truncated: nextMarker !== undefined,
    };
  },
});
