import { join } from 'node:path';
import { CHECKS, evaluate, tree } from './repository-tools';

/* The check of what public names say finds what it is for. */

const from = (file: string) => JSON.stringify(join(CHECKS, file));

test('what throws is found through imports, base classes and constructors, and not what throws later', async () => {
  const root = tree({
    'lib/deep.ts': 'export function deep(): void { throw new Error(); }\nexport const brief = () => deep();',
    'lib/base.ts':
      "import { brief as short } from './deep';\nexport class Base { public far() { [1].map(() => short()); } }",
    'lib/key.ts': [
      "import { Base } from './base';",
      "import { deep } from './deep';",
      'export class Key extends Base {',
      '  public static make() { return new Key(); }',
      '  constructor() { super(); this.far(); }',
      '  public get good() { return { validate: () => deep() }; }',
      '  public harmless() { return Key; }',
      '}',
    ].join('\n'),
  });
  const found = await evaluate(
    `import { throwing } from ${from('reference/throwing.mjs')};
       console.log(JSON.stringify([...throwing(input)].sort()));`,
    join(root, 'lib'),
  );
  expect(found).toEqual(['Base.far', 'Key.constructor', 'Key.make', 'brief', 'deep']);
});

test('a name that does not say what it is, takes or throws is a problem', async () => {
  const said = { summary: 'Says it.' };
  const found = await evaluate(
    `import { problemsIn } from ${from('reference.mjs')};
       console.log(JSON.stringify(problemsIn(input, new Set(['Key.of', 'Key.to']))));`,
    [
      { name: 'Kind', kind: 'enum', docs: said, members: [{ name: 'A', docs: said }, { name: 'B' }] },
      {
        name: 'Props',
        kind: 'interface',
        datatype: true,
        docs: said,
        properties: [
          { name: 'text', optional: true, type: { primitive: 'string' }, docs: said },
          { name: 'days', type: { fqn: 'aws-cdk-lib.Duration' }, docs: said },
          { name: 'few', type: { primitive: 'number' }, docs: { summary: '1 to 3.' } },
        ],
      },
      {
        name: 'Key',
        kind: 'class',
        initializer: { parameters: [{ name: 'scope', type: { fqn: 'constructs.Construct' } }] },
        methods: [
          { name: 'of', docs: said, parameters: [{ name: 'count', type: { primitive: 'number' }, docs: said }] },
          { name: 'to', docs: { ...said, custom: { throws: 'never' } }, parameters: [{ name: 'x', type: {} }] },
        ],
      },
    ],
  );
  expect(found).toEqual([
    'Kind.B: it does not say what it is',
    'Props.text: it has no @default',
    'Props.days: it does not say which values it takes, and in which unit',
    'Key: it does not say what it is',
    'Key.of: @param count does not say which values it takes',
    'Key.of: it throws, and has no @throws',
    'Key.to: it has no @param x',
  ]);
});
