import type { Tri } from '../symbolic/tri.ts';
import { CONDITION_KEY_ROWS } from './kms.generated.ts';
import { KMS_ACTIONS } from './operations.ts';

/**
 * Which condition keys a request can carry at all, by action. A question about a template leaves the request open, but
 * a key that KMS never sends with an action is absent, not open: a condition on it can be decided.
 *
 * AWS has two tables that differ. The service authorization reference is generated from; what only the KMS Developer
 * Guide has stands here. The union is taken, so that "absent" is never claimed wrongly.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
 */
const ONLY_IN_DEVELOPER_GUIDE: Readonly<Record<string, string>> = {
  'aws:RequestTag/': 'UntagResource',
};

/** Still evaluated under their old names. */
const DEPRECATED: Readonly<Record<string, keyof typeof CONDITION_KEY_ROWS>> = {
  'kms:CustomerMasterKeySpec': 'kms:KeySpec',
  'kms:CustomerMasterKeyUsage': 'kms:KeyUsage',
};

/** Actions whose condition keys AWS has not published. They are taken to carry what every use of a key carries. */
export const PROVISIONAL_ACTIONS: readonly string[] = ['Decapsulate', 'Encapsulate'];
/** Of these any cryptographic operation carries every key that another one carries too. */
const LIKE = 'GetPublicKey';

interface Carriers {
  readonly type: string;
  /** Actions in lower case, with their prefix. */
  readonly actions: ReadonlySet<string>;
}

/** By the name in lower case; a name that ends with `:` or `/` stands for every key that begins with it. */
const CARRIERS: ReadonlyMap<string, Carriers> = new Map(
  Object.entries<{ type: string; actions: string }>(CONDITION_KEY_ROWS).map(([key, { type, actions }]) => {
    const row = DEPRECATED[key];
    const documented = (row === undefined ? actions : CONDITION_KEY_ROWS[row].actions).split(' ');
    const names = [...documented, ...(ONLY_IN_DEVELOPER_GUIDE[key]?.split(' ') ?? [])];
    if (names.includes(LIKE)) names.push(...PROVISIONAL_ACTIONS);
    return [key.toLowerCase(), { type, actions: new Set(names.map((name) => `kms:${name.toLowerCase()}`)) }];
  }),
);

function carriersOf(name: string): Carriers | undefined {
  const known = CARRIERS.get(name);
  if (known !== undefined) return known;
  const family = /^(?:kms:[^:]+:|aws:[^/]+\/)/.exec(name)?.[0];
  return family === undefined ? undefined : CARRIERS.get(family);
}

/**
 * Whether a request for the action can carry the condition key. Keys of the whole of AWS (`aws:PrincipalArn`) and keys
 * that the tables do not know always can.
 */
export function canCarry(action: string, key: string): boolean {
  return carriersOf(key.toLowerCase())?.actions.has(action.toLowerCase()) ?? true;
}

/** The actions whose requests can carry the condition key, as AWS writes them; undefined: any action of AWS. */
export function carriersOfKey(key: string): readonly string[] | undefined {
  const row = carriersOf(key.toLowerCase());
  return row && KMS_ACTIONS.filter((action) => row.actions.has(action.toLowerCase()));
}

/** Global keys of several values; those of KMS are in the table. */
const SEVERAL_VALUES: ReadonlySet<string> = new Set([
  'aws:calledvia',
  'aws:principalorgpaths',
  'aws:principalservicenameslist',
  'aws:resourceorgpaths',
  'aws:sourceorgpaths',
  'aws:vpceorgpaths',
]);

/**
 * Whether a request can carry several values of the condition key at once. Unknown for keys of other services, and for
 * encryption contexts, which may have one name in two spellings.
 */
export function severalValues(key: string): Tri {
  const name = key.toLowerCase();
  if (SEVERAL_VALUES.has(name) || carriersOf(name)?.type.startsWith('ArrayOf') === true) return 'yes';
  return /^(aws|kms):/.test(name) && !name.startsWith('kms:encryptioncontext:') ? 'no' : 'unknown';
}
