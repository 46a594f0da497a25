import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { carries, ROWS } from '../src/authorize/context-keys.ts';
import { OPERATION_TABLE } from '../src/operations/table.ts';

/**
 * Which actions carry each condition key of KMS, as AWS documents it: the rows that the engine has of it. They are read as
 * text, because they are not part of what the package exports.
 */
const TABLES = readFileSync(join(__dirname, '../../access/src/engine/kms.generated.ts'), 'utf8');
const DOCUMENTED = new Map(
  [...TABLES.matchAll(/^ {2}'([^']+)': \{ type: '\w+', actions: '([^']*)' \}/gm)].map(
    ([, key = '', actions = '']) => [key, actions.split(' ').sort()] as const,
  ),
);
const ACTIONS = new Set(
  [...OPERATION_TABLE.values()].flatMap(({ permissions }) => permissions.map(({ action }) => action.slice(4))),
);

/** Newer than the service authorization reference that the documented actions are read from. */
const YOUNGER = ['Encapsulate', 'Decapsulate'];

const FROM_THE_KEY = [
  'kms:KeySpec',
  'kms:KeyUsage',
  'kms:KeyOrigin',
  'kms:MultiRegion',
  'kms:MultiRegionKeyType',
  'kms:ResourceAliases',
  'aws:ResourceTag/',
];
/** Rows of them take the key, or what it is to be: where there is neither, they give nothing. */
const WITHOUT_KEY = [...ACTIONS].filter((action) => !DOCUMENTED.get('kms:ViaService')?.includes(action));

describe('condition keys', () => {
  const bound = ROWS.filter(({ key }) => (DOCUMENTED.get(key) ?? ['']).join('') !== '');

  test.each(bound.map((row) => [row.key, row] as const))(
    '%s is carried by exactly the actions that AWS names',
    (key, row) => {
      const documented = DOCUMENTED.get(key)?.filter((action) => ACTIONS.has(action));
      const carriers = [...ACTIONS].filter((action) => carries(row, action) && !YOUNGER.includes(action));
      // What follows from the key is absent where the action is about none, whatever its row says.
      const expected = FROM_THE_KEY.includes(key) ? carriers.filter((one) => !WITHOUT_KEY.includes(one)) : carriers;
      expect(expected.sort()).toEqual(documented);
    },
  );

  test('of KMS are all filled, but those that only enclaves bring', () => {
    const filled = new Set(ROWS.map(({ key }) => key));
    expect([...DOCUMENTED.keys()].filter((key) => !filled.has(key))).toEqual(['kms:RecipientAttestation:']);
  });
});
