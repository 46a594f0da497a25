import { accessMap, type PrincipalModel } from '@cdk-keysmith/access';
import { AS_OF, SILENT, SPEAKING } from '../src/assembly/resources/aws-managed-policies.generated.ts';
import { appOf, joined, keyResource, roleResource } from './support/assembly.ts';

const managed = (name: string) => joined('arn:', { Ref: 'AWS::Partition' }, `:iam::aws:policy/${name}`);

function roleWith(name: unknown, environment = 'aws://111122223333/eu-west-1'): PrincipalModel | undefined {
  return appOf({ Role: roleResource({ ManagedPolicyArns: [name] }) }, { environment }).principals[0];
}

function verdicts(name: string, actions: readonly string[], environment?: string): readonly (string | undefined)[] {
  const app = appOf(
    { Key: keyResource(), Role: roleResource({ ManagedPolicyArns: [managed(name)] }) },
    { ...(environment !== undefined && { environment }) },
  );
  const [access] = accessMap(app).keys;
  const row = [...(access?.rows ?? []), ...(access?.others() ?? [])].find(({ grantee }) => grantee.type === 'role');
  return actions.map((action) => row?.cells.find((cell) => cell.action === `kms:${action}`)?.decision.verdict);
}

describe('policies of AWS', () => {
  it.each([
    ['AdministratorAccess', ['allowed', 'allowed', 'allowed']],
    ['PowerUserAccess', ['allowed', 'allowed', 'allowed']],
    ['ReadOnlyAccess', ['denied', 'denied', 'denied']],
    ['SecurityAudit', ['denied', 'denied', 'denied']],
    ['job-function/ViewOnlyAccess', ['denied', 'denied', 'denied']],
    ['AWSKeyManagementServicePowerUser', ['denied', 'denied', 'allowed']],
    ['service-role/AWSLambdaBasicExecutionRole', ['denied', 'denied', 'denied']],
  ])('that speak about KMS are known: %s', (name, expected) => {
    const actions = ['Decrypt', 'PutKeyPolicy', 'TagResource'];
    expect(verdicts(name, actions, 'aws://111122223333/eu-west-1')).toEqual(expected);
    expect(verdicts(name, actions)).toEqual(expected);
  });

  it('are named in reasons with the day of the data, and with the numbers of their whole statements', () => {
    const [policy] = roleWith(managed('AIOpsConsoleAdminPolicy'))?.identityPolicies ?? [];
    expect(policy?.name).toBe(`AWS managed policy AIOpsConsoleAdminPolicy (as of ${AS_OF})`);
    expect(policy?.statements).toMatchObject([{ index: 10, sid: 'KMSAccess', actions: ['kms:ListAliases'] }]);
  });

  it('that are not in the data are unknown, and so are texts of another partition', () => {
    expect(roleWith(managed('FromTheFuture'))?.unknownPolicies).toEqual([
      `FromTheFuture (not among the policies of AWS as of ${AS_OF})`,
    ]);
    expect(roleWith(managed('ReadOnlyAccess'), 'aws://111122223333/cn-north-1')?.unknownPolicies).toEqual([
      'ReadOnlyAccess (its text is known for partition aws only, not for aws-cn)',
    ]);
    expect(verdicts('FromTheFuture', ['Decrypt'])).toEqual(['unknown']);
  });

  it('can be boundaries', () => {
    const boundaries = ['PowerUserAccess', 'service-role/AWSLambdaBasicExecutionRole', 'FromTheFuture'].map((name) => {
      return appOf({ Role: roleResource({ PermissionsBoundary: managed(name) }) }).principals[0]?.permissionsBoundary;
    });
    expect(boundaries).toMatchObject([
      { kind: 'boundary', statements: [{ actions: ['kms:*'] }] },
      { kind: 'boundary', statements: [] },
      { kind: 'boundary', unreadable: [expect.stringContaining('as of')] },
    ]);
    expect(boundaries[1]?.unreadable).toBeUndefined();
  });
});

describe('the data about policies of AWS', () => {
  it('is of one day, complete, and each policy is in one of its parts', () => {
    expect(AS_OF).toMatch(/^20\d\d-\d\d-\d\d$/);
    const silent = Object.entries(SILENT).flatMap(([path, names]) => names.split(' ').map((name) => path + name));
    const speaking = Object.keys(SPEAKING);
    expect(silent.length + speaking.length).toBeGreaterThan(1500);
    expect(new Set([...silent, ...speaking]).size).toBe(silent.length + speaking.length);
  });

  it('can be read as policies, each of which says something about KMS', () => {
    for (const name of Object.keys(SPEAKING)) {
      const role = roleWith(`arn:aws:iam::aws:policy/${name}`);
      expect([name, role?.problems, role?.unknownPolicies]).toEqual([name, [], []]);
      const [policy] = role?.identityPolicies ?? [];
      expect(policy?.unreadable).toBeUndefined();
      for (const { actions, notActions } of policy?.statements ?? []) {
        const named = [...actions, ...(notActions ?? [])];
        expect(named.every((action) => /^(kms:|\*|[^:]*[*?][^:]*:)/i.test(String(action)))).toBe(true);
        expect(named.length).toBeGreaterThan(0);
      }
      expect(policy?.statements.length).toBeGreaterThan(0);
    }
  });
});
