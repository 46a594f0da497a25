import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Assembly, accessChangers, readAssembly } from '@cdk-keysmith/access';
import { appOf, arnOf, keyResource, policyResource, removeFolders, roleResource } from './support/assembly.ts';
import { describeWithVectors } from './support/vectors.ts';

afterAll(removeFolders);

type Json = Record<string, unknown>;

const environment = 'aws://111122223333/eu-west-1';
const fn = (role: string) => ({ Type: 'AWS::Lambda::Function', Properties: { Role: arnOf(role) } });
const may = (action: string | string[], role: string, more: Json = {}) =>
  policyResource([{ Effect: 'Allow', Action: action, Resource: arnOf('Key'), ...more }], [{ Ref: role }]);

function summary(assembly: Assembly): readonly unknown[] {
  return accessChangers(assembly).map(({ key, function: { logicalId }, customResources, actions }) => [
    key.logicalId,
    logicalId,
    customResources.map((resource) => resource.logicalId),
    actions.map(({ action, decision }) => `${action} ${decision.verdict}`),
  ]);
}

describe('code that may change who can use a key', () => {
  it('is a function that may put key policies or create grants, with the custom resources that run it', () => {
    const app = appOf(
      {
        Key: keyResource(),
        Other: keyResource(),
        Role: roleResource(),
        Reader: roleResource(),
        Rotator: fn('Role'),
        Reading: fn('Reader'),
        Rotates: { Type: 'Custom::Rotates', Properties: { ServiceToken: arnOf('Rotator') } },
        Policy: may(['kms:PutKeyPolicy', 'kms:Decrypt'], 'Role'),
        Grants: may('kms:CreateGrant', 'Role', { Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } } }),
        Reads: may('kms:Decrypt', 'Reader'),
      },
      { environment },
    );
    expect(summary(app)).toEqual([
      ['Key', 'Rotator', ['Rotates'], ['kms:PutKeyPolicy allowed', 'kms:CreateGrant allowed-if']],
    ]);
  });

  it('is unknown where policies of its role are', () => {
    const Role = roleResource({ ManagedPolicyArns: ['arn:aws:iam::111122223333:policy/Shared'] });
    expect(summary(appOf({ Key: keyResource(), Role, Fn: fn('Role') }, { environment }))).toEqual([
      ['Key', 'Fn', [], ['kms:PutKeyPolicy unknown', 'kms:CreateGrant unknown']],
    ]);
  });
});

describeWithVectors(
  'cdk-assemblies',
  'published cloud assemblies whose key policies change at deployment',
  (folder) => {
    it('are recognized', () => {
      const path = join(folder, 'cfts3-cmk-provided-as-bucket-prop');
      expect(existsSync(path)).toBe(true);
      const changers = accessChangers(readAssembly(path));
      expect(changers.flatMap(({ customResources }) => customResources.map(({ type }) => type))).toContain(
        'Custom::KmsKeyPolicyUpdater',
      );
      expect(changers[0]?.actions.map(({ action }) => action)).toContain('kms:PutKeyPolicy');
    });
  },
);
