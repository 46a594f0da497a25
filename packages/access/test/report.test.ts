import { type AccessMap, type Assembly, accessMap, type Decision } from '@cdk-keysmith/access';
import {
  appOf,
  arnOf,
  assemblyOf,
  keyResource,
  policyResource,
  removeFolders,
  roleResource,
} from './support/assembly.ts';

afterAll(removeFolders);

const IN = 'aws://111122223333/eu-west-1';
const OTHER = 'aws://444455556666/eu-west-1';

function decisionOn(map: AccessMap, grantee: RegExp, action: string): Decision {
  const row = map.keys[0]?.rows.find((one) => grantee.test(one.grantee.name));
  const found = row?.cells.find((one) => one.action === action);
  if (found === undefined) throw new Error(`no cell ${action} for ${grantee} among ${map.keys[0]?.rows.length} rows`);
  return found.decision;
}

function groupOf(app: Assembly, action: string): string | undefined {
  return accessMap(app).keys[0]?.rows[0]?.cells.find((one) => one.action === action)?.group;
}

const testing = (conditions: Record<string, unknown>) => ({
  Effect: 'Allow',
  Principal: '*',
  Action: 'kms:Decrypt',
  Resource: '*',
  Condition: { StringEquals: conditions },
});

describe('the map', () => {
  it('has grantees of grants, and what their grants allow', () => {
    const app = appOf(
      {
        Key: keyResource(),
        Writer: roleResource(),
        ToRole: {
          Type: 'Custom::KeysmithGrant',
          Properties: { KeyId: { Ref: 'Key' }, GranteePrincipal: arnOf('Writer'), Operations: ['Decrypt'] },
        },
        ToOther: {
          Type: 'Custom::KeysmithGrant',
          Properties: {
            KeyId: { Ref: 'Key' },
            GranteePrincipal: 'arn:aws:iam::444455556666:role/Reader',
            Operations: ['Decrypt'],
          },
        },
      },
      { environment: IN },
    );
    const map = accessMap(app);
    expect(decisionOn(map, /Writer/, 'kms:Decrypt')).toMatchObject({
      verdict: 'allowed',
      reasons: [{ code: 'grant-allows' }],
    });
    expect(decisionOn(map, /Writer/, 'kms:Encrypt').verdict).toBe('denied');
    expect(map.keys[0]?.rows.map(({ grantee }) => grantee.section)).toEqual(['account', 'app', 'other account']);
  });

  it('shows changing aliases and tags as handing access on where a statement tests them, and only there', () => {
    const plain = appOf({ Key: keyResource() });
    const byAlias = appOf({ Key: keyResource([testing({ 'kms:RequestAlias': 'alias/orders' })]) });
    const byTag = appOf({ Key: keyResource([testing({ 'aws:ResourceTag/team': 'orders' })]) });
    expect([plain, byAlias, byTag].map((app) => groupOf(app, 'kms:UpdateAlias'))).toEqual([
      'administer',
      'hand on',
      'administer',
    ]);
    expect([plain, byAlias, byTag].map((app) => groupOf(app, 'kms:TagResource'))).toEqual([
      'administer',
      'administer',
      'hand on',
    ]);
    expect(accessMap(byAlias).keys[0]?.levers.map(({ text }) => text)).toEqual([
      'statement 2 of key policy of App/Key tests kms:RequestAlias: whoever may create, update or delete aliases of the key changes what it says',
    ]);
    expect(accessMap(plain).keys[0]?.levers).toEqual([]);
  });

  it('finds a lever in a variable of an identity policy too, but not in one about other keys', () => {
    const tagged = {
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Condition: { StringEquals: { 'aws:PrincipalTag/a': 'b' } },
    };
    const appWith = (Resource: unknown) =>
      appOf({
        Key: keyResource(),
        Role: roleResource(),
        P: policyResource([{ ...tagged, Resource }], [{ Ref: 'Role' }]),
      });
    const kinds = (app: Assembly) => accessMap(app).keys[0]?.levers.map(({ kind }) => kind);
    expect(kinds(appWith(arnOf('Key')))).toEqual(['tags of principals']);
    expect(kinds(appWith('arn:aws:s3:::bucket'))).toEqual([]);
  });

  it('joins a key that names an account by tag with the role of that account that has the tag', () => {
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::444455556666:root' },
      Action: 'kms:Decrypt',
      Resource: '*',
      Condition: { StringEquals: { 'aws:PrincipalTag/aws-cdk:id': 'Reader_c8' } },
    };
    const reading = (id: string) => ({
      Reader: roleResource({ RoleName: 'reader', Tags: [{ Key: 'aws-cdk:id', Value: id }] }),
      P: policyResource([{ Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*' }], [{ Ref: 'Reader' }]),
    });
    const verdictOf = (id: string) => {
      const map = accessMap(
        assemblyOf({
          Keys: { environment: IN, template: { Resources: { Key: keyResource([statement]) } } },
          Roles: { environment: OTHER, template: { Resources: reading(id) } },
        }),
      );
      expect(map.keys[0]?.levers.map(({ kind }) => kind)).toEqual(['tags of principals']);
      return decisionOn(map, /Writer/, 'kms:Decrypt').verdict;
    };
    expect(verdictOf('Reader_c8')).toBe('allowed');
    expect(verdictOf('another')).toBe('denied');
  });

  it('says which code of the app may change key policy or grants', () => {
    const app = appOf({
      Key: keyResource(),
      Role: roleResource(),
      P: policyResource([{ Effect: 'Allow', Action: 'kms:PutKeyPolicy', Resource: '*' }], [{ Ref: 'Role' }]),
      Fn: { Type: 'AWS::Lambda::Function', Properties: { Role: arnOf('Role') } },
      Run: { Type: 'Custom::Change', Properties: { ServiceToken: arnOf('Fn') } },
    });
    const [changer] = accessMap(app).keys[0]?.changers ?? [];
    expect(changer?.function.constructPath).toBe('App/Fn');
    expect(changer?.customResources.map(({ constructPath }) => constructPath)).toEqual(['App/Run']);
    expect(changer?.actions.map(({ action }) => action)).toEqual(['kms:PutKeyPolicy']);
  });

  it('says what a VPC endpoint takes away, and nothing for one that takes nothing', () => {
    const endpoint = (PolicyDocument?: unknown) => ({
      Type: 'AWS::EC2::VPCEndpoint',
      Properties: { ServiceName: 'com.amazonaws.eu-west-1.kms', VpcId: 'vpc-1', PolicyDocument },
    });
    const allow = { Effect: 'Allow', Principal: '*', Action: 'kms:Encrypt', Resource: '*' };
    const app = appOf(
      {
        Key: keyResource(),
        Role: roleResource(),
        P: policyResource(
          [{ Effect: 'Allow', Action: ['kms:Encrypt', 'kms:Decrypt'], Resource: '*' }],
          [{ Ref: 'Role' }],
        ),
        Open: endpoint(),
        Narrow: endpoint({ Version: '2012-10-17', Statement: [allow] }),
      },
      { environment: IN },
    );
    const limits = new Map(
      accessMap(app).keys[0]?.endpoints.map(({ endpoint: { logicalId }, limited }) => [
        logicalId,
        limited
          .filter(({ grantee }) => grantee.type === 'role')
          .map(({ action, decision }) => [action, decision.verdict]),
      ]),
    );
    expect(limits.get('Open')).toEqual([]);
    expect(limits.get('Narrow')).toEqual([['kms:Decrypt', 'denied']]);
  });

  it('asks whether a primary key may be replicated, and of no other key', () => {
    expect(groupOf(appOf({ Key: keyResource([], { MultiRegion: true }) }), 'kms:ReplicateKey')).toBe('hand on');
    expect(groupOf(appOf({ Key: keyResource() }), 'kms:ReplicateKey')).toBeUndefined();
  });
});
