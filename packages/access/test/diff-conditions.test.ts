import { accessDiff } from '@cdk-keysmith/access';
import { appOf, keyResource, policyResource, removeFolders, roleResource } from './support/assembly.ts';

afterAll(removeFolders);

const equals = (value: string) => ({ 'Fn::Equals': [{ Ref: 'Env' }, value] });
const use = { Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*' };

/** An app in which a role may decrypt if condition `Used` holds. */
const app = (Used: unknown, Prod: unknown = equals('prod')) =>
  appOf(
    {
      Key: keyResource(),
      Role: roleResource(),
      Policy: policyResource([{ 'Fn::If': ['Used', use, { Ref: 'AWS::NoValue' }] } as never], [{ Ref: 'Role' }]),
    },
    { template: { Parameters: { Env: { Type: 'String' } }, Conditions: { Used, Prod } } },
  );

describe('access that hinges on a condition of the template', () => {
  const isProd = { 'Fn::Or': [{ Condition: 'Prod' }, equals('staging')] };

  it.each<[string, Parameters<typeof app>, Parameters<typeof app>]>([
    ['it', [equals('prod')], [equals('test')]],
    ['its opposite', [equals('prod')], [{ 'Fn::Not': [equals('prod')] }]],
    ['one that it refers to', [isProd, equals('prod')], [isProd, equals('test')]],
  ])('may have changed where the condition is another one of the same name: %s', (_, before, after) => {
    const { changes, undecided } = accessDiff(app(...before), app(...after));
    expect(changes).toEqual([]);
    expect(undecided.map(({ grantee, actions }) => [grantee.logicalId, actions])).toEqual([['Role', ['kms:Decrypt']]]);
  });

  it('has not changed where only conditions changed that it does not hinge on', () => {
    const [before, after] = [app(equals('x'), equals('prod')), app(equals('x'), equals('test'))];
    expect(accessDiff(before, after)).toMatchObject({ changes: [], undecided: [] });
  });

  it('does not end in conditions that refer to each other', () => {
    const around = [{ Condition: 'Prod' }, { Condition: 'Used' }] as const;
    expect(accessDiff(app(...around), app(...around)).undecided).toEqual([]);
  });
});
