import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AccessMap,
  type Assembly,
  accessMap,
  type Decision,
  decisionInWords,
  readAssembly,
} from '@cdk-keysmith/access';
import {
  appOf,
  arnOf,
  assemblyOf,
  keyResource,
  policyResource,
  removeFolders,
  roleResource,
} from './support/assembly.ts';
import { describeWithVectors } from './support/vectors.ts';

afterAll(removeFolders);

/** The decision of one cell of a map of one key. */
function cell(map: AccessMap, grantee: string, action: string): Decision {
  const row = map.keys[0]?.rows.find(({ grantee: { name } }) => name === grantee);
  const found = row?.cells.find((one) => one.action === action);
  if (found === undefined) throw new Error(`the map has no cell ${action} for ${grantee}`);
  return found.decision;
}

function granteesOf(map: AccessMap): readonly string[] {
  return map.keys.flatMap(({ rows }) => rows.map(({ grantee }) => `${grantee.type} ${grantee.name}`));
}

const use = { Effect: 'Allow', Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Resource: arnOf('Key') };

describe('the access map', () => {
  const condition = { StringEquals: { 'kms:EncryptionContext:service': 'orders' } };
  const app = appOf({
    Key: keyResource([
      { Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'kms:Decrypt', Resource: '*' },
      { Effect: 'Allow', Principal: { AWS: '444455556666' }, Action: 'kms:*', Resource: '*' },
      {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::444455556666:role/Reader' },
        Action: 'kms:Decrypt',
        Resource: '*',
      },
    ]),
    Writer: roleResource(),
    Policy: policyResource([{ ...use, Condition: condition }], [{ Ref: 'Writer' }]),
    Fn: { Type: 'AWS::Lambda::Function', Properties: { Role: arnOf('Writer') } },
  });
  const map = accessMap(app);

  it('has the account of the key, the principals of the app, and whom else the key policy names, in this order', () => {
    expect(granteesOf(map)).toEqual([
      `account account \${AWS::AccountId}`,
      'role App/Writer/ServiceRole',
      'service sns.amazonaws.com',
      'account account 444455556666',
      'principal arn:aws:iam::444455556666:role/Reader',
    ]);
    expect(map.keys[0]?.rows[1]?.grantee.functions).toEqual(['App/Fn']);
  });

  it('says under which encryption context a role may use the key', () => {
    const words = decisionInWords(cell(map, 'App/Writer/ServiceRole', 'kms:Decrypt'));
    expect(words).toMatch(
      /^allowed if encryption context "service" is "orders": statement 1 of key policy of App\/Key delegates/,
    );
    expect(cell(map, 'App/Writer/ServiceRole', 'kms:Encrypt').verdict).toBe('denied');
  });

  it('shows that another account has of kms:* only what crosses accounts', () => {
    expect(cell(map, 'account 444455556666', 'kms:PutKeyPolicy').verdict).not.toBe('allowed');
    expect(cell(map, 'sns.amazonaws.com', 'kms:Decrypt').verdict).toBe('allowed');
  });

  it('does not guess what policies of another account allow', () => {
    expect(cell(map, 'arn:aws:iam::444455556666:role/Reader', 'kms:Decrypt').verdict).toBe('unknown');
    expect(map.unknowns.some((text) => /Reader .*they are not in the app|Reader.*one account/.test(text))).toBe(true);
  });

  it('is the same each time, and can be written as JSON', () => {
    expect(JSON.stringify(accessMap(app))).toBe(JSON.stringify(map));
  });

  it('asks only what the kind of key can do', () => {
    const actions = (properties: Record<string, unknown>) => {
      return accessMap(appOf({ Key: keyResource([], properties) })).keys[0]?.rows[0]?.cells.map(({ action }) => action);
    };
    expect(actions({ KeyUsage: 'SIGN_VERIFY', KeySpec: 'ECC_NIST_P256' })).toEqual(
      expect.arrayContaining(['kms:Sign', 'kms:GetPublicKey']),
    );
    expect(actions({ KeyUsage: 'SIGN_VERIFY', KeySpec: 'ECC_NIST_P256' })).not.toContain('kms:Decrypt');
    expect(actions({})).not.toContain('kms:Sign');
    expect(actions({ KeyUsage: { Ref: 'P' } })).toEqual(
      expect.arrayContaining(['kms:Sign', 'kms:Decrypt', 'kms:GenerateMac']),
    );
  });

  it('makes unknown what a managed policy of elsewhere may allow, and says which', () => {
    const role = roleResource({ ManagedPolicyArns: ['arn:aws:iam::111122223333:policy/Shared'] });
    const shared = accessMap(appOf({ Key: keyResource(), Role: role }));
    expect(cell(shared, 'App/Writer/ServiceRole', 'kms:Decrypt').verdict).toBe('unknown');
    expect(shared.unknowns.join()).toContain('arn:aws:iam::111122223333:policy/Shared of App/Writer/ServiceRole');
  });

  it('joins a key with a role of another stack by the name that both know', () => {
    const environment = 'aws://111122223333/eu-west-1';
    const named = {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::111122223333:role/reader' },
      Action: 'kms:Decrypt',
      Resource: '*',
    };
    const joint = accessMap(
      assemblyOf({
        Keys: { environment, template: { Resources: { Key: keyResource([named]) } } },
        Roles: { environment, template: { Resources: { Reader: roleResource({ RoleName: 'reader' }) } } },
      }),
    );
    expect(granteesOf(joint)).toEqual(['account account 111122223333', 'role App/Writer/ServiceRole']);
    expect(cell(joint, 'App/Writer/ServiceRole', 'kms:Decrypt').verdict).toBe('allowed');
  });
});

describeWithVectors('cdk-assemblies', 'published cloud assemblies', (folder) => {
  const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'manifest.json')));
  const readAll = (): readonly (readonly [string, Assembly])[] => {
    return names.map((name) => [name, readAssembly(join(folder, name))]);
  };

  it('are there', () => expect(names.length).toBeGreaterThanOrEqual(12));

  it('yield keys, principals and functions without a problem', () => {
    for (const [name, { keys, principals, functions }] of readAll()) {
      expect([name, keys.length]).toEqual([name, expect.any(Number)]);
      expect(keys.length).toBeGreaterThan(0);
      expect([name, keys.flatMap(({ problems }) => problems)]).toEqual([name, []]);
      expect([name, principals.flatMap(({ problems }) => problems)]).toEqual([name, []]);
      expect([name, functions.filter(({ role }) => role === undefined)]).toEqual([name, []]);
    }
  });

  it('yield a map in which every decision has a reason, and every unknown one is listed', () => {
    for (const [, assembly] of readAll()) {
      const { keys, unknowns } = accessMap(assembly);
      const decisions = keys.flatMap(({ rows }) => rows.flatMap(({ cells }) => cells.map(({ decision }) => decision)));
      expect(decisions.length).toBeGreaterThan(0);
      for (const decision of decisions) {
        expect(decision.reasons[0]?.text).toMatch(/./);
        if (decision.verdict === 'allowed-if') expect(decision.residual.length).toBeGreaterThan(0);
        if (decision.verdict !== 'unknown') continue;
        const [{ text = '' } = {}] = decision.reasons;
        expect(unknowns.some((line) => line.endsWith(text))).toBe(true);
      }
    }
  });

  it.each([
    ['lamsqs-useCmk', /LambdaFunctionServiceRole$/, 'kms:Decrypt', 'allowed'],
    ['lamsqs-useCmk', /LambdaFunctionServiceRole$/, 'kms:PutKeyPolicy', 'denied'],
    ['cfts3-cmk-provided-as-bucket-prop', /LambdaFunctionServiceRole$/, 'kms:PutKeyPolicy', 'allowed'],
    ['evtsqs-rule-dlq', /^events.amazonaws.com$/, 'kms:Decrypt', 'allowed-if'],
  ])('%s: %s, %s is %s', (name, grantee, action, verdict) => {
    const rows = accessMap(readAssembly(join(folder, name))).keys[0]?.rows ?? [];
    const row = rows.find((one) => grantee.test(one.grantee.name));
    expect(row?.cells.find((one) => one.action === action)?.decision.verdict).toBe(verdict);
  });
});
