import type { Key } from '../state/key.ts';

/** What a record is, and where it stands in the order of the database: the name that it is sealed with. */
export const SECRETS = 'secrets';
export const DECLARED = 'declared';
export const HEAD = 'head';
/** The one record that is not sealed: a version that is not known may seal in another way. */
export const FORMAT = 'format';

export const KEY = 'key/';
export const USE = 'use/';
export const ALIAS = 'alias/';
export const GRANT = 'grant/';
export const MATERIAL = 'material/';
export const WRAPPING = 'wrapping/';

/** Material is shared among the keys of a multi-Region key; its id is another for every material. */
export function materialName({ account, id }: Pick<Key, 'account' | 'id'>, materialId: string): string {
  return `${MATERIAL}${account}/${id}/${materialId}`;
}

const DIGITS = 12;

/** Grants come in the order in which they were made. */
export function grantName(arn: string, sequence: number): string {
  return `${GRANT}${arn}/${String(sequence).padStart(DIGITS, '0')}`;
}

export function partsOfGrantName(name: string): { readonly arn: string; readonly sequence: number } {
  const end = name.length - DIGITS;
  return { arn: name.slice(GRANT.length, end - 1), sequence: Number(name.slice(end)) };
}
