import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Assembly, checkAssembly, type Example, type Finding, RULES } from '@cdk-keysmith/access';
import { allow, DELEGATION, key, may, role } from '../src/check/example.ts';
import { SILENT_USES } from '../src/check/silent-uses.ts';
import type { Json } from './support/ask.ts';
import { assemblyOf, keyResource, removeFolders } from './support/assembly.ts';

afterAll(removeFolders);

const DOCS = join(__dirname, '../../../docs/rules');

function assemblyFor({ resources, deployed }: Example): Assembly {
  const environment = deployed === true ? 'aws://111122223333/eu-west-1' : undefined;
  return assemblyOf({ App: { template: { Resources: resources }, ...(environment && { environment }) } });
}

function findingsOf(example: Example, id: string): readonly Finding[] {
  return checkAssembly(assemblyFor(example)).filter(({ ruleId }) => ruleId === id);
}

describe.each(RULES.map((rule) => [rule.id, rule] as const))('rule %s', (id, rule) => {
  it('finds what its bad example shows, at its severity', () => {
    const findings = findingsOf(rule.bad, id);
    expect(findings.map(({ severity }) => severity)).toContain(rule.severity);
  });

  it('finds nothing in its good example', () => {
    expect(findingsOf(rule.good, id)).toEqual([]);
  });

  it('says in its good example nothing that another rule calls an error', () => {
    const errors = checkAssembly(assemblyFor(rule.good)).filter(({ severity }) => severity === 'error');
    expect(errors).toEqual([]);
  });

  it('has a page with what, why, trap, fix, example and page of AWS', () => {
    expect(existsSync(join(DOCS, `${id}.md`))).toBe(true);
    for (const text of [rule.title, rule.why, rule.trap, rule.fix]) expect(text.length).toBeGreaterThan(10);
    expect(rule.page).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
  });
});

it('has ids that are unique, and speak', () => {
  const ids = RULES.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)+$/);
});

describe('an ARN whose account is open', () => {
  const arn = (service: string, rest: string) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:${service}:${rest}` });
  const found = (id: string, principal: Json, Condition: Json) => {
    const statement = { Effect: 'Allow', Principal: principal, Action: 'kms:Decrypt', Resource: '*', Condition };
    return findingsOf({ resources: { Key: keyResource([DELEGATION, statement]) } }, id);
  };
  const ofLogs = (region: string, value: unknown) =>
    found('confused-deputy', { Service: region }, { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': value } });
  const LOGS = 'logs.eu-west-1.amazonaws.com';

  it('holds nobody to anything, known as a whole or in part', () => {
    const principal = { ArnLike: { 'aws:PrincipalArn': arn('iam:', '*:role/Reader') } };
    expect(found('wildcard-principal', { AWS: '*' }, principal)).toHaveLength(1);
    const source = { ArnLike: { 'aws:SourceArn': arn('sns', `\${AWS::Region}:*:*`) } };
    expect(found('confused-deputy', { Service: 'sns.amazonaws.com' }, source)).toHaveLength(1);
    expect(ofLogs(LOGS, 'arn:aws:logs:eu-west-1:*:log-group:*')).toHaveLength(1);
    expect(ofLogs(LOGS, arn('logs', `\${AWS::Region}:*:*`))).toHaveLength(1);
  });

  it('is another thing than one that names its account', () => {
    const principal = { ArnLike: { 'aws:PrincipalArn': arn('iam:', `\${AWS::AccountId}:role/*`) } };
    expect(found('wildcard-principal', { AWS: '*' }, principal)).toEqual([]);
    expect(ofLogs(LOGS, arn('logs', `\${AWS::Region}:\${AWS::AccountId}:*`))).toEqual([]);
    expect(ofLogs(LOGS, { 'Fn::GetAtt': ['Logs', 'Arn'] })).toEqual([]);
  });
});

describe('a wildcard beside what is known at deployment only', () => {
  const own = (what: string) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/${what}` });

  it('is seen in a principal', () => {
    const Key = key([DELEGATION, allow({ AWS: [own('Reader'), own('Reader-?')] }, 'kms:Decrypt')]);
    expect(findingsOf({ resources: { Key } }, 'invalid-principal')).toMatchObject([
      { message: expect.stringContaining('role/Reader-?: a wildcard inside an ARN never matches') },
    ]);
  });

  it('is seen under StringEquals', () => {
    const Condition = { StringEquals: { 'aws:PrincipalArn': own('*') } };
    const Key = key([DELEGATION, allow({ AWS: '*' }, 'kms:Decrypt', Condition)]);
    expect(findingsOf({ resources: { Key } }, 'wildcard-in-string-equals')).toHaveLength(1);
  });
});

describe('open-create-grant', () => {
  const role = { AWS: 'arn:aws:iam::111122223333:role/Operator' };
  const found = (Condition: Json) => {
    const statement = { Effect: 'Allow', Principal: role, Action: 'kms:CreateGrant', Resource: '*', Condition };
    return findingsOf({ resources: { Key: keyResource([DELEGATION, statement]) } }, 'open-create-grant');
  };

  it.each([
    ['grants that are not for AWS services', { Bool: { 'kms:GrantIsForAWSResource': 'false' } }],
    ['some operations, which every grant has', { Null: { 'kms:GrantOperations': 'false' } }],
    ['one operation that is not Decrypt', { 'ForAnyValue:StringNotEquals': { 'kms:GrantOperations': 'Decrypt' } }],
  ])('does not take a condition for a limit that asks for %s', (_name, condition) => {
    expect(found(condition)).toHaveLength(1);
  });

  it('takes one for a limit that no operation may pass', () => {
    expect(found({ 'ForAllValues:StringEquals': { 'kms:GrantOperations': ['Decrypt'] } })).toEqual([]);
    expect(found({ 'ForAllValues:StringNotEquals': { 'kms:GrantOperations': ['Decrypt'] } })).toEqual([]);
  });
});

describe('confused-deputy', () => {
  const found = (services: unknown, condition?: Json) => {
    const statement = { Effect: 'Allow', Principal: { Service: services }, Action: 'kms:Decrypt', Resource: '*' };
    const given = condition === undefined ? statement : { ...statement, Condition: { StringEquals: condition } };
    return findingsOf({ resources: { Key: keyResource([given]) } }, 'confused-deputy');
  };

  it.each(SILENT_USES.map(({ service, use, page }) => [service, use, page] as const))(
    'asks of %s no condition that it cannot meet for %s',
    (service, use, page) => {
      expect(found(service)).toMatchObject([{ severity: 'note', fix: expect.stringContaining(`for ${use}`) }]);
      expect(found([service])[0]?.fix).toContain(page);
      // For its other uses it says whom it acts for.
      expect(found(service, { 'aws:SourceAccount': '111122223333' })).toEqual([]);
    },
  );

  it('asks the other services, also beside one of those', () => {
    expect(found('s3.amazonaws.com')).toMatchObject([{ severity: 'warning' }]);
    expect(found(['events.amazonaws.com', 's3.amazonaws.com'])).toMatchObject([{ severity: 'warning' }]);
  });
});

describe('context-bypassed', () => {
  const tenant = { Null: { 'kms:EncryptionContext:tenant': 'false' } };
  const roleArn = { 'Fn::GetAtt': ['Reader', 'Arn'] };
  const found = (resources: Example['resources']) => findingsOf({ resources }, 'context-bypassed');

  it('counts what the key policy allows the principal by name as well', () => {
    const byName = [DELEGATION, allow({ AWS: roleArn }, 'kms:Decrypt', tenant)];
    expect(found({ Key: key(byName), Reader: role([may('kms:*')]) })).toMatchObject([
      {
        constructPath: 'App/Reader',
        message:
          'App/Reader is allowed kms:Decrypt, kms:ReEncryptFrom, kms:GenerateDataKey and kms:Encrypt under App/Key without encryption context, though statement 2 of key policy of App/Key holds it to one',
      },
    ]);
  });

  it('leaves alone another key, a grant that is handed on under a context, and what is denied', () => {
    const other = { 'Fn::GetAtt': ['Other', 'Arn'] };
    const held = may('kms:Decrypt', undefined, tenant);
    expect(found({ Key: key(), Other: key(), Reader: role([held, may('kms:Decrypt', other)]) })).toEqual([]);
    const handsOn = may('kms:CreateGrant', undefined, tenant);
    expect(found({ Key: key(), Reader: role([handsOn, may('kms:Decrypt')]) })).toEqual([]);
    const denied = { ...may('kms:*'), Effect: 'Deny', Condition: { Null: { 'kms:EncryptionContext:tenant': 'true' } } };
    expect(found({ Key: key(), Reader: role([held, may('kms:Decrypt'), denied]) })).toEqual([]);
  });
});
