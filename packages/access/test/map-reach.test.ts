import {
  type AccessCell,
  type AccessRow,
  type Assembly,
  accessMap,
  callerFor,
  contextOfKey,
  contextOfPrincipal,
  type Decision,
  decisionInWords,
  evaluate,
  everyLayerFor,
  type KeyModel,
  type PrincipalModel,
} from '@cdk-keysmith/access';
import fc from 'fast-check';
import type { Json } from './support/ask.ts';
import { appOf, arnOf, joined, keyResource, policyResource, removeFolders, roleResource } from './support/assembly.ts';

afterAll(removeFolders);

const KEYS = ['KeyA', 'KeyB', 'KeyC'];
const ROLES = ['RoleA', 'RoleB', 'RoleC', 'RoleD'];
const rootOf = (account: string) => `arn:aws:iam::${account}:root`;

const action = fc.constantFrom<unknown>(
  'kms:Decrypt',
  'kms:*',
  '*',
  'KMS:generate*',
  's3:GetObject',
  ['s3:*', 'kms:PutKeyPolicy'],
  { Ref: 'Parameter' },
);
const resource = fc.constantFrom<unknown>(
  '*',
  ...KEYS.map(arnOf),
  ...KEYS.map((key) => joined('arn:aws:kms:eu-west-1:111122223333:key/', { Ref: key })),
  [arnOf('KeyA'), arnOf('KeyC')],
  'arn:aws:kms:*:*:key/*',
  'arn:aws:kms:eu-west-1:444455556666:key/*',
  'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  'arn:aws:s3:::bucket/*',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
  'arn:aws:kms:*:*:key/${aws:PrincipalTag/key}',
  { Ref: 'Parameter' },
  { 'Fn::If': ['Condition', arnOf('KeyB'), 'arn:aws:s3:::bucket'] },
);
const principal = fc.constantFrom<unknown>(
  '*',
  { AWS: '*' },
  { AWS: rootOf('111122223333') },
  { AWS: rootOf('444455556666') },
  ...ROLES.map((name) => ({ AWS: arnOf(name) })),
  { AWS: [arnOf('RoleA'), 'arn:aws:iam::111122223333:role/named'] },
  { AWS: 'arn:aws:iam::111122223333:role/another' },
  { AWS: 'arn:aws:sts::111122223333:assumed-role/named/run' },
  { AWS: { Ref: 'Parameter' } },
  { Service: 'sns.amazonaws.com' },
);
const effect = fc.constantFrom('Allow', 'Allow', 'Allow', 'Deny');
const condition = fc.constantFrom<Json>(
  {},
  {},
  { Condition: { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } } },
  { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'orders' } } },
);
const member = (name: string, other: string, of: fc.Arbitrary<unknown>) =>
  fc.tuple(fc.integer({ min: 0, max: 7 }), of).map(([kind, value]): Json => ({ [kind === 0 ? other : name]: value }));
const identityStatement = fc
  .tuple(effect, member('Action', 'NotAction', action), member('Resource', 'NotResource', resource), condition)
  .map(([Effect, ...members]): Json => Object.assign({ Effect }, ...members));
const keyStatement = fc
  .tuple(effect, member('Principal', 'NotPrincipal', principal), action, condition)
  .map(([Effect, whom, Action, more]): Json => ({ Effect, ...whom, Action, Resource: '*', ...more }));
const grant = fc.tuple(fc.constantFrom(...KEYS), fc.constantFrom(...ROLES)).map(([key, role]) => ({
  Type: 'Custom::KeysmithGrant',
  Properties: { KeyId: { Ref: key }, GranteePrincipal: arnOf(role), Operations: ['Decrypt'], ServiceToken: 'code' },
}));

interface Shape {
  readonly keys: readonly (readonly Json[])[];
  readonly roles: readonly {
    readonly statements: readonly Json[];
    readonly isForeign: boolean;
    readonly hasBoundary: boolean;
  }[];
  readonly grants: readonly Json[];
  readonly isOpen: boolean;
}

const shapes: fc.Arbitrary<Shape> = fc.record({
  keys: fc.array(fc.array(keyStatement, { maxLength: 2 }), { minLength: KEYS.length, maxLength: KEYS.length }),
  roles: fc.array(
    fc.record({
      statements: fc.array(identityStatement, { maxLength: 2 }),
      isForeign: fc.integer({ min: 0, max: 9 }).map((one) => one === 0),
      hasBoundary: fc.boolean(),
    }),
    { minLength: ROLES.length, maxLength: ROLES.length },
  ),
  grants: fc.array(grant, { maxLength: 1 }),
  isOpen: fc.boolean(),
});

function appFor({ keys, roles, grants, isOpen }: Shape): Assembly {
  const place = (name: string, one: Json) => ({ ...one, Metadata: { 'aws:cdk:path': `App/${name}/Resource` } });
  const own = roles.flatMap(({ statements, isForeign, hasBoundary }, at): [string, Json][] => {
    const name = ROLES[at] ?? '';
    const properties = {
      ...(at === 3 && { RoleName: 'named' }),
      ...(isForeign && { ManagedPolicyArns: ['arn:aws:iam::111122223333:policy/Shared'] }),
      ...(hasBoundary && { PermissionsBoundary: { Ref: 'Boundary' } }),
    };
    const policy = statements.length === 0 ? [] : [[`${name}Policy`, policyResource(statements, [{ Ref: name }])]];
    return [[name, place(name, roleResource(properties))], ...(policy as [string, Json][])];
  });
  const boundary = policyResource(
    [{ Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*' }],
    [],
    'AWS::IAM::ManagedPolicy',
  );
  const resources = {
    ...Object.fromEntries(keys.map((some, at) => [KEYS[at], place(KEYS[at] ?? '', keyResource(some))])),
    ...Object.fromEntries(own),
    ...Object.fromEntries(grants.map((one, at) => [`Grant${at}`, one])),
    Boundary: boundary,
  };
  const template = {
    Parameters: { Parameter: { Type: 'String' } },
    Conditions: { Condition: { 'Fn::Equals': [{ Ref: 'Parameter' }, 'x'] } },
  };
  return appOf(resources, { template, ...(!isOpen && { environment: 'aws://111122223333/eu-west-1' }) });
}

/** What the engine says without the map. */
function asked(app: Assembly, key: KeyModel, one: PrincipalModel, action: string): Decision {
  const context = { ...contextOfKey(key), ...contextOfPrincipal(one) };
  const request = { caller: callerFor(one), resource: key.arn, resourceAccount: key.account, context, open: true };
  return evaluate({ ...request, action }, everyLayerFor(app, key, one));
}

function said({ verdict, explicitDeny, decision }: AccessCell): string {
  return [verdict, explicitDeny, decisionInWords(decision)].join(' ');
}

describe('the rows of the access map', () => {
  it('say of each principal and key what the engine says, and leave out only who is denied everything', () => {
    const seen = { rows: 0, others: 0 };
    const wrong = (app: Assembly) =>
      accessMap(app).keys.flatMap(({ key, rows, others }) => {
        const left = others();
        seen.rows += rows.length;
        seen.others += left.length;
        return app.principals.flatMap((one) => {
          const isOne = ({ grantee }: AccessRow) => grantee.name === one.constructPath;
          const [row, other, ...more] = [rows.find(isOne), ...left.filter(isOne)];
          const cells = row?.cells ?? other?.cells ?? [];
          const both = row !== undefined && other !== undefined;
          if (both || more.length > 0 || cells.length === 0) return [`${one.constructPath}: not in one row`];
          return cells.flatMap((cell) => {
            const decision = asked(app, key, one, cell.action);
            const { verdict, explicitDeny } = decision;
            if (row === undefined && verdict !== 'denied') return [`${one.constructPath}, ${cell.action}: left out`];
            const expected = said({ ...cell, verdict, explicitDeny, decision });
            return said(cell) === expected ? [] : [`${said(cell)}, not ${expected}`];
          });
        });
      });
    fc.assert(
      fc.property(shapes, (shape) => expect(wrong(appFor(shape))).toEqual([])),
      { numRuns: 25, seed: 20261128 },
    );
    expect(seen.rows).toBeGreaterThan(100);
    expect(seen.others).toBeGreaterThan(20);
  });
});
