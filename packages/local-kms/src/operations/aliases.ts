import type { Key } from '../state/key.ts';
import { aliasesOf, type Store } from '../state/store.ts';
import { faults } from '../wire/texts.ts';

const MAX_ALIASES_OF_KEY = 50;

/** @throws Fault ValidationException or NotAuthorizedException */
export function requireAliasName(name: string): void {
  if (!name.startsWith('alias/') || name === 'alias/') throw faults.aliasPrefix();
  if (name.startsWith('alias/aws/')) throw faults.aliasReserved();
}

/** @throws Fault LimitExceededException */
export function requireRoomForAlias(store: Store, key: Key): void {
  if (aliasesOf(store, key).length < MAX_ALIASES_OF_KEY) return;
  throw faults.limitExceeded(`a key has at most ${MAX_ALIASES_OF_KEY} aliases`);
}
