import type { TemplateSource } from '@cdk-keysmith/access';

/** How large a generated app is. */
export interface Size {
  readonly keys: number;
  readonly roles: number;
  /** In the policies of the roles; each names one key. */
  readonly statements: number;
  /** Further keys that no role's policy names. Default 0. */
  readonly spareKeys?: number;
}

/** An app as CDK writes one: keys that delegate to the account, and roles whose policies name a few of them. */
export function generatedApp({ keys, roles, statements, spareKeys = 0 }: Size): TemplateSource {
  const perRole = Math.round(statements / roles);
  const resources = [
    ...Array.from({ length: keys }, (_, at) => [`Key${at}`, keyOf(`App/Key${at}`)]),
    ...Array.from({ length: spareKeys }, (_, at) => [`Spare${at}`, keyOf(`App/Spare${at}`)]),
    ...Array.from({ length: roles }, (_, at) => {
      const named = Array.from({ length: perRole }, (_, statement) => `Key${(at * 7 + statement) % keys}`);
      return [`Role${at}`, roleOf(`App/Role${at}`, named)];
    }),
  ];
  return { name: 'App.template.json', text: JSON.stringify({ Resources: Object.fromEntries(resources) }) };
}

type Json = Readonly<Record<string, unknown>>;

function keyOf(path: string): Json {
  const root = { 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:root` };
  const statement = { Effect: 'Allow', Principal: { AWS: root }, Action: 'kms:*', Resource: '*' };
  return resource('AWS::KMS::Key', path, { KeyPolicy: { Version: '2012-10-17', Statement: [statement] } });
}

function roleOf(path: string, keys: readonly string[]): Json {
  const statements = keys.map((key, at) => ({
    Effect: 'Allow',
    Action: at % 2 === 0 ? 'kms:Decrypt' : ['kms:GenerateDataKey', 'kms:Encrypt'],
    Resource: { 'Fn::GetAtt': [key, 'Arn'] },
    ...(at % 3 === 0 && { Condition: { StringEquals: { 'kms:EncryptionContext:service': 'orders' } } }),
  }));
  return resource('AWS::IAM::Role', path, {
    AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] },
    Policies: [{ PolicyName: 'Own', PolicyDocument: { Version: '2012-10-17', Statement: statements } }],
  });
}

function resource(Type: string, path: string, Properties: Json): Json {
  return { Type, Properties, Metadata: { 'aws:cdk:path': `${path}/Resource` } };
}
