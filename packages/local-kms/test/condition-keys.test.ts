import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROWS } from '../src/authorize/context-keys.ts';
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

describe('condition keys', () => {
  const bound = ROWS.filter(({ key, actions }) => actions !== undefined && DOCUMENTED.get(key)?.join('') !== '');

  test.each(bound.map(({ key, actions = [] }) => [key, actions] as const))(
    '%s is carried by exactly the actions that AWS names',
    (key, actions) => {
      const documented = DOCUMENTED.get(key)?.filter((action) => ACTIONS.has(action));
      expect([...actions].filter((action) => !YOUNGER.includes(action)).sort()).toEqual(documented);
    },
  );

  test('of KMS are all filled, but those that only services, enclaves, or the record of last usage bring', () => {
    const filled = new Set(ROWS.map(({ key }) => key));
    expect([...DOCUMENTED.keys()].filter((key) => !filled.has(key))).toEqual([
      'kms:RecipientAttestation:',
      'kms:TrailingDaysWithoutKeyUsage',
      'kms:ViaService',
    ]);
  });
});
