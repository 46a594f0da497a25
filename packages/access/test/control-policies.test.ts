import { join } from 'node:path';
import { AccessError, controlLayersFor, readAssembly, readTemplates } from '@cdk-keysmith/access';
import { assemblyFiles, folderWith, removeFolders } from './support/assembly.ts';

afterAll(removeFolders);

type Json = Record<string, unknown>;

const deny: Json = {
  Version: '2012-10-17',
  Statement: { Effect: 'Deny', Action: 'kms:ScheduleKeyDeletion', Resource: '*' },
};
const allow: Json = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'kms:*', Resource: '*' }] };
const rcp: Json = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Principal: '*', Action: 'kms:*', Resource: '*' }],
};

function read(files: Record<string, unknown>, names = Object.keys(files).filter((name) => name.endsWith('.json'))) {
  const folder = folderWith({ ...files, 'app/x.yaml': 'Resources: {}' });
  return readAssembly(join(folder, 'app'), { controlPolicies: names.map((name) => join(folder, name)) });
}

function problemsOf(content: unknown): readonly string[] {
  try {
    read({ 'a.json': content });
  } catch (error) {
    if (error instanceof AccessError && error.code === 'MALFORMED_POLICY') {
      return error.problems.map((problem) => problem.replace(/^\/.*a\.json/, 'a.json'));
    }
    throw error;
  }
  return [];
}

describe('control policies', () => {
  it('are none where none are given', () => {
    const files = folderWith(assemblyFiles({ App: { template: {} } }));
    expect(readAssembly(files)).toMatchObject({ serviceControlPolicies: [], resourceControlPolicies: [] });
  });

  it('given as documents are each at a level of its own, beside FullAWSAccess where they only deny', () => {
    const { serviceControlPolicies, resourceControlPolicies } = read({
      'a.json': deny,
      'b.json': allow,
      'c.json': rcp,
    });
    const shape = serviceControlPolicies.map(({ level, target, policy }) => {
      return [level, target, policy.kind, policy.statements.map(({ effect }) => effect)];
    });
    expect(shape).toEqual([
      [1, 'every account', 'service-control', ['Deny']],
      [1, 'every account', 'service-control', ['Allow']],
      [2, 'every account', 'service-control', ['Allow']],
    ]);
    expect(resourceControlPolicies).toMatchObject([
      { policy: { kind: 'resource-control', statements: [{ principals: '*' }] } },
    ]);
  });

  it('given as a list have the levels, targets and accounts that it says', () => {
    const list = [
      {
        level: 2,
        target: '111122223333',
        type: 'SERVICE_CONTROL_POLICY',
        name: 'Keys',
        file: 'deny.txt',
        accounts: ['111122223333'],
      },
      { level: 1, target: 'root', type: 'SERVICE_CONTROL_POLICY', name: 'FullAWSAccess' },
      { level: 2, type: 'SERVICE_CONTROL_POLICY', name: 'FullAWSAccess' },
      { level: 1, type: 'RESOURCE_CONTROL_POLICY', name: 'Perimeter', document: rcp, accounts: ['444455556666'] },
      { level: 1, type: 'RESOURCE_CONTROL_POLICY', name: 'RCPFullAWSAccess' },
    ];
    const assembly = read({ 'list.json': list, 'deny.txt': deny });
    expect(assembly.serviceControlPolicies.map(({ level, target, policy: { name } }) => [level, target, name])).toEqual(
      [
        [1, 'root', 'service control policy FullAWSAccess of root'],
        [2, '111122223333', 'service control policy Keys of 111122223333'],
        [2, 'level 2', 'service control policy FullAWSAccess of level 2'],
      ],
    );
    const layers = (callerAccount: string, keyAccount: string) => {
      const { serviceControlPolicies, resourceControlPolicies } = controlLayersFor(assembly, {
        callerAccount,
        keyAccount,
      });
      return [serviceControlPolicies.map((level) => level.length), resourceControlPolicies.length];
    };
    expect(layers('111122223333', '444455556666')).toEqual([[1, 2], 2]);
    expect(layers('444455556666', '111122223333')).toEqual([[1, 1], 1]);
  });

  it('of some accounts cannot be read where the account is open', () => {
    const assembly = read({
      'a.json': [{ level: 1, type: 'SERVICE_CONTROL_POLICY', document: deny, accounts: ['111122223333'] }],
    });
    const open = { parts: [{ kind: 'pseudo', stack: 'App', name: 'AWS::AccountId' }] } as const;
    const { serviceControlPolicies } = controlLayersFor(assembly, { callerAccount: open, keyAccount: open });
    expect(serviceControlPolicies).toMatchObject([
      [{ statements: [], unreadable: [expect.stringContaining('AWS::AccountId')] }],
    ]);
  });

  it('can be read beside templates given as text', () => {
    const folder = folderWith({ 'scp.json': allow });
    const options = { controlPolicies: [join(folder, 'scp.json')] };
    expect(readTemplates([{ name: 'a.yaml', text: 'Resources: {}' }], options).serviceControlPolicies).toHaveLength(1);
  });

  it('that are malformed are refused with all their mistakes', () => {
    expect(
      problemsOf([
        7,
        { level: 0, type: 'SCP', extra: 1, accounts: [1] },
        { level: 1, type: 'SERVICE_CONTROL_POLICY', document: rcp },
      ]),
    ).toEqual([
      'a.json, entry 1 must be an object, not 7',
      'a.json, entry 2: unknown member "extra": allowed are level, target, type, name, accounts, document, file',
      'a.json, entry 2: level must be a whole number, 1 for the root of the organization, not 0',
      'a.json, entry 2: type must be "SERVICE_CONTROL_POLICY" or "RESOURCE_CONTROL_POLICY", not "SCP"',
      'a.json, entry 2: accounts must be a list of strings of twelve digits, not a list',
      'a.json, entry 2: document or file is missing; only FullAWSAccess and RCPFullAWSAccess are known by name',
      'a.json, entry 3: Statement 1: Principal is not allowed in service-control policies',
    ]);
    expect(problemsOf({ Version: '2012-10-17' })).toEqual(['a.json: Statement is missing']);
  });

  it.each([
    ['that are no JSON', '{', 'MALFORMED_POLICY', /is not JSON/],
    ['that are not there', undefined, 'MALFORMED_POLICY', /is missing/],
    ['that are deep', `${'['.repeat(300)}`, 'LIMIT_EXCEEDED', /more than 200 levels/],
  ])('%s are refused', (_title, content, code, words) => {
    const act = () => read(content === undefined ? {} : { 'a.json': content }, ['a.json']);
    expect(act).toThrow(expect.objectContaining({ code, message: expect.stringMatching(words) }));
  });
});
