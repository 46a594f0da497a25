import { faults } from '../wire/texts.ts';
import { aliasArn, keyArn, partitionOf } from './arn.ts';
import { readGrantToken } from './grant.ts';
import type { KeyGrant } from './grant-terms.ts';
import type { Key } from './key.ts';
import { keyByTag, partitionFor, type Store } from './store.ts';

/** A key that a request named. */
export interface IdentifiedKey {
  readonly key: Key;
  /** The alias name that it was named by, which becomes `kms:RequestAlias`; undefined for an id or ARN of a key. */
  readonly requestAlias: string | undefined;
}

/** Where a name without account or Region is looked up: those of the caller and the call. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

const KEY_ID = /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$/i;
const ARN = /^arn:([a-z-]+):kms:([a-z0-9-]*):([0-9]{12}):(key|alias)\/(.+)$/;

/**
 * Finds the key that a `KeyId` means: key id, key ARN, alias name or alias ARN.
 *
 * @param acceptsAlias - whether the operation takes aliases
 * @param hidden - the answer for a resource that does not exist in another account. It must be the answer for one that
 * exists and may not be used, or the caller would learn which it is.
 * @throws Fault NotFoundException or InvalidArnException
 */
export function identifyKey(
  store: Store,
  place: Place,
  sent: string,
  acceptsAlias: boolean,
  hidden: (arn: string) => Error,
): IdentifiedKey {
  if (!sent.startsWith('arn:')) {
    return sent.startsWith('alias/') ? byAlias(store, place, sent, acceptsAlias) : byId(store, place, sent, sent);
  }
  const [, partition, region, account, kind, id] = ARN.exec(sent) ?? [];
  if (region === undefined || account === undefined || id === undefined) {
    throw faults.malformedArn('the ARN is not one of a KMS key or alias');
  }
  if (region !== place.region) throw faults.arnOfOtherRegion(region);
  if (partition !== partitionOf(region)) throw faults.malformedArn(`${region} is not in the partition ${partition}`);
  const there: Place = { account, region };
  try {
    return kind === 'key' ? byId(store, there, id, sent) : byAlias(store, there, `alias/${id}`, acceptsAlias);
  } catch (fault) {
    throw account === place.account ? fault : hidden(sent);
  }
}

function byId(store: Store, place: Place, id: string, sent: string): IdentifiedKey {
  if (!KEY_ID.test(id)) throw faults.malformedKeyId(sent);
  const key = partitionFor(store, place.account, place.region).keys.get(id.toLowerCase());
  if (key === undefined) throw faults.keyNotFound(keyArn(place.account, place.region, id));
  return { key, requestAlias: undefined };
}

function byAlias(store: Store, place: Place, name: string, acceptsAlias: boolean): IdentifiedKey {
  if (!acceptsAlias) throw faults.aliasNotSupported();
  const { aliases, keys } = partitionFor(store, place.account, place.region);
  const alias = aliases.get(name);
  const key = alias && keys.get(alias.keyId);
  if (key === undefined) throw faults.aliasNotFound(aliasArn(place.account, place.region, name));
  return { key, requestAlias: name };
}

/**
 * The grant that a grant token is of, with its key. A grant takes effect at once here, so that a token does nothing but
 * name it.
 * @throws Fault InvalidGrantTokenException
 */
export function grantOfToken(store: Store, region: string, token: string): { key: Key; grant: KeyGrant } {
  const said = readGrantToken(store, token);
  const key = said && keyByTag(store, region, said.keyTag);
  const grant = said && key?.grants.get(said.id);
  if (key !== undefined && grant !== undefined) return { key, grant };
  throw faults.invalidGrantToken(
    said === undefined
      ? 'the local KMS has not issued this grant token in this run'
      : `the grant of the token was retired or revoked, or is not on a key in ${region}`,
  );
}
