import { page } from '../state/pages.ts';
import { faults } from '../wire/texts.ts';
import {
  DEFAULT_GRANTS_LIMIT,
  GRANT_SERVICE_PRINCIPAL,
  GRANTS_LIMIT,
  grantListEntry,
  PRINCIPAL,
  requirePrincipal,
  requireService,
} from './grants.ts';
import { MARKER } from './members.ts';
import { operation } from './operation.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_ListRetirableGrants.html */
export const listRetirableGrants = operation({
  input: {
    Limit: GRANTS_LIMIT,
    Marker: MARKER,
    RetiringPrincipal: PRINCIPAL,
    RetiringServicePrincipal: GRANT_SERVICE_PRINCIPAL,
  },
  keys: [],
  permissions: [{ action: 'kms:ListRetirableGrants', on: 'account', unless: 'RetiringServicePrincipal' }],
  states: 'any',
  usages: [],
  event: { readOnly: true },
  check({ RetiringPrincipal, RetiringServicePrincipal }) {
    if ((RetiringPrincipal === undefined) === (RetiringServicePrincipal === undefined)) {
      throw faults.validation('Specify either RetiringPrincipal or RetiringServicePrincipal, and not both');
    }
  },
  run({ RetiringPrincipal, RetiringServicePrincipal, Limit, Marker }, _keys, { world, account, region, identity }) {
    requirePrincipal(RetiringPrincipal, region);
    if (RetiringPrincipal !== undefined && RetiringPrincipal.split(':')[4] !== account) {
      throw faults.malformedArn('the retiring principal must be one of the account of the caller');
    }
    // No IAM policy is for a service, so that this alone decides for it.
    if (RetiringServicePrincipal !== undefined) {
      requireService(identity, 'RetiringServicePrincipal', RetiringServicePrincipal);
    }
    // On keys of all accounts: whom a grant names to retire it may know of it.
    const keys = [...world.store.partitions.values()].flatMap((partition) => [...partition.keys.values()]);
    const found = keys
      .filter((key) => key.region === region)
      .flatMap((key) => [...key.grants.values()].map((grant) => ({ key, grant })))
      .filter(({ grant: { terms } }) =>
        RetiringPrincipal === undefined
          ? terms.retiringServicePrincipal === RetiringServicePrincipal
          : terms.retiringPrincipal === RetiringPrincipal,
      );
    const scope = `ListRetirableGrants ${RetiringPrincipal ?? RetiringServicePrincipal}`;
    const { items, nextMarker } = page(found, ({ grant }) => grant.id, scope, Limit ?? DEFAULT_GRANTS_LIMIT, Marker);
    return {
      Grants: items.map(({ key, grant }) => grantListEntry(key, grant)),
      ...(nextMarker !== undefined && { NextMarker: nextMarker }),
      Truncated: nextMarker !== undefined,
    };
  },
});
