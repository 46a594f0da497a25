import { join } from 'node:path';
import * as sdk from '@aws-sdk/client-kms';
import { OPERATIONS } from '@cdk-keysmith/access';
import { canCarry, carriersOfKey, PROVISIONAL_ACTIONS } from '../src/engine/condition-keys.ts';
import { CONDITION_KEY_ROWS, GRANT_OPERATIONS } from '../src/engine/kms.generated.ts';
import { KMS_ACTIONS, ruleOfAction } from '../src/engine/operations.ts';
import { allowIam, allowKey, ask } from './support/ask.ts';
import { describeWithVectors, readJson } from './support/vectors.ts';

const commands = Object.keys(sdk)
  .filter((name) => name.endsWith('Command') && name !== '$Command')
  .map((name) => name.slice(0, -'Command'.length));

describe('the table of operations', () => {
  it('has exactly the operations of the AWS SDK', () => {
    expect(commands).toHaveLength(56);
    expect([...OPERATIONS.keys()].sort()).toEqual(commands.sort());
  });

  it('has the operations of grants that the AWS SDK has', () => {
    expect([...GRANT_OPERATIONS].sort()).toEqual(Object.keys(sdk.GrantOperation).sort());
    expect(KMS_ACTIONS.filter((action) => ruleOfAction(action)?.grantable)).toHaveLength(19);
  });

  it('says what the unusual operations need, and on what', () => {
    const needs = (name: string) => {
      return OPERATIONS.get(name)?.permissions.map(
        ({ action, on, when }) => `${action} on ${on}${when ? ' if tags' : ''}`,
      );
    };
    expect(needs('UpdateAlias')).toEqual(['alias', 'key', 'newKey'].map((on) => `kms:UpdateAlias on ${on}`));
    expect(needs('ReEncrypt')).toEqual(['kms:ReEncryptFrom on sourceKey', 'kms:ReEncryptTo on destinationKey']);
    expect(needs('CreateKey')).toEqual(['kms:CreateKey on account', 'kms:TagResource on account if tags']);
    expect(needs('ReplicateKey')).toEqual([
      'kms:ReplicateKey on key',
      'kms:CreateKey on account',
      'kms:TagResource on account if tags',
    ]);
    expect(needs('UpdatePrimaryRegion')).toEqual(['key', 'replicaKey'].map((on) => `kms:UpdatePrimaryRegion on ${on}`));
    expect(needs('RetireGrant')).toEqual(['kms:RetireGrant on grant']);
  });

  it('leads to actions that can all be asked', () => {
    for (const action of KMS_ACTIONS) {
      expect(ask({ action, key: allowKey('*'), identity: allowIam }).verdict).not.toBe('denied');
    }
  });

  it('has no other actions: a mistyped one is an error', () => {
    expect(() => ask({ action: 'kms:Decypt' })).toThrow(
      expect.objectContaining({ code: 'INVALID_REQUEST', message: expect.stringContaining('"kms:Decypt"') }),
    );
    expect(() => ask({ action: 'kms:constructor' })).toThrow(expect.objectContaining({ code: 'INVALID_REQUEST' }));
  });
});

describe('the table of condition keys', () => {
  it.each([
    ['kms:Decrypt', 'kms:EncryptionContext:tenant', true],
    ['kms:Decrypt', 'KMS:encryptioncontext:TENANT', true],
    ['kms:DescribeKey', 'kms:EncryptionContextKeys', false],
    ['kms:Decrypt', 'kms:RecipientAttestation:PCR0', true],
    ['kms:Encrypt', 'kms:RecipientAttestation:NitroTPMPCR7', false],
    ['kms:Sign', 'kms:CustomerMasterKeySpec', true],
    ['kms:ListKeys', 'kms:KeySpec', false],
    ['kms:ListKeys', 'kms:ViaService', false],
    ['kms:DisableKey', 'kms:TrailingDaysWithoutKeyUsage', true],
    ['kms:Decrypt', 'aws:RequestTag/team', false],
    ['kms:Decrypt', 'aws:ResourceTag/team', true],
    ['kms:Decrypt', 'aws:PrincipalArn', true],
    ['kms:Decrypt', 'kms:Newer', true],
    // Only one of AWS's two tables has these.
    ['kms:UntagResource', 'aws:RequestTag/team', true],
    ['kms:RetireGrant', 'kms:KeySpec', true],
    ['kms:DeriveSharedSecret', 'kms:RequestAlias', true],
  ])('%s can carry %s: %s', (action, key, expected) => expect(canCarry(action, key)).toBe(expected));

  it('has provisional rows for the actions whose keys are not published', () => {
    expect(PROVISIONAL_ACTIONS).toEqual(['Decapsulate', 'Encapsulate']);
    for (const name of PROVISIONAL_ACTIONS) {
      const carried = ['kms:RequestAlias', 'kms:KeySpec', 'kms:ViaService', 'kms:CallerAccount'];
      expect(carried.filter((key) => canCarry(`kms:${name}`, key))).toEqual(carried);
      expect(canCarry(`kms:${name}`, 'kms:EncryptionContextKeys')).toBe(false);
    }
  });

  it('names the actions of a key', () => {
    expect(carriersOfKey('kms:RotationPeriodInDays')).toEqual(['kms:EnableKeyRotation']);
    expect(carriersOfKey('aws:PrincipalArn')).toBeUndefined();
  });
});

interface Documented {
  readonly operations: Readonly<Record<string, { crossAccount: string; requiredPermissions: string }>>;
  readonly iamActions: Readonly<
    Record<string, { name: string; resourceTypes: { name: string }[]; conditionKeys: string[] }>
  >;
}

describeWithVectors('policy', 'what was read from the documents another time', (folder) => {
  const { operations, iamActions } = readJson<Documented>(join(folder, 'kms-operations-and-actions.json'));

  it('has the same operations, with the same use across accounts', () => {
    const crossing = (wanted: boolean) =>
      [...OPERATIONS].flatMap(([name, one]) => (one.crossAccount === wanted ? [name] : []));
    const documented = Object.entries(operations).filter(([, one]) => /^Cross-account use: Yes/.test(one.crossAccount));
    expect(crossing(true).sort()).toEqual(documented.map(([name]) => name).sort());
    expect([...OPERATIONS.keys()].sort()).toEqual(Object.keys(operations).sort());
  });

  it('has the same actions, and those of the SDK that are too new for it', () => {
    const documented = Object.values(iamActions).map(({ name }) => `kms:${name}`);
    expect(KMS_ACTIONS.filter((action) => !documented.includes(action))).toEqual([
      'kms:Decapsulate',
      'kms:Encapsulate',
    ]);
    expect(documented.filter((action) => !KMS_ACTIONS.includes(action))).toEqual([]);
  });

  it('leaves no condition key of an action out', () => {
    const missing = Object.values(iamActions).flatMap(({ name, conditionKeys }) => {
      return conditionKeys
        .filter((key) => !canCarry(`kms:${name}`, key.replace(/\$\{.*\}/, 'x')))
        .map((key) => `${name} ${key}`);
    });
    expect(missing).toEqual([]);
  });

  it('adds condition keys only where the keys of a resource or the other table do', () => {
    const own = new Map(Object.values(iamActions).map((action) => [`kms:${action.name}`, action]));
    const ofResource =
      /^(aws:ResourceTag\/|kms:(KeySpec|KeyUsage|KeyOrigin|MultiRegion|MultiRegionKeyType|ResourceAliases|CustomerMasterKey\w+)$)/;
    const added = Object.keys(CONDITION_KEY_ROWS).flatMap((key) => {
      const carriers = (carriersOfKey(key) ?? []).filter((action) => own.has(action));
      return carriers
        .filter((action) => !own.get(action)?.conditionKeys.some((one) => one.startsWith(key)) && !ofResource.test(key))
        .map((action) => `${action} ${key}`);
    });
    expect(added).toEqual(['kms:UntagResource aws:RequestTag/']);
  });
});
