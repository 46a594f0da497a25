import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Json = Readonly<Record<string, unknown>>;

export const ACCOUNT = '111122223333';
export const REGION = 'eu-west-1';

/** Writes an app as `cdk synth` would: keys that delegate to the account and demand TLS, and a role that may use the first. */
export function writeApp(keys: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'keysmith-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const Resources = Object.fromEntries([
    ...Array.from({ length: keys }, (_, at) => [`Key${at}`, key(`App/Key${at}`)]),
    ['Writer', WRITER],
    ['Stranger', { ...WRITER, Properties: { ...WRITER.Properties, RoleName: 'Stranger', Policies: [] } }],
  ]);
  const artifacts = {
    App: {
      type: 'aws:cloudformation:stack',
      environment: `aws://${ACCOUNT}/${REGION}`,
      properties: { templateFile: 'App.template.json' },
      displayName: 'App',
    },
  };
  writeFileSync(join(folder, 'App.template.json'), JSON.stringify({ Resources }));
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ version: '54.0.0', artifacts }));
  return folder;
}

const TLS_ONLY = {
  Effect: 'Deny',
  Principal: '*',
  Action: 'kms:*',
  Resource: '*',
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};

function key(path: string): Json {
  const root = { 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:root` };
  const delegation = { Effect: 'Allow', Principal: { AWS: root }, Action: 'kms:*', Resource: '*' };
  return {
    Type: 'AWS::KMS::Key',
    Properties: {
      EnableKeyRotation: true,
      KeyPolicy: { Version: '2012-10-17', Statement: [delegation, TLS_ONLY] },
    },
    Metadata: { 'aws:cdk:path': `${path}/Resource` },
  };
}

const WRITER = {
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName: 'Writer',
    AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] },
    Policies: [
      {
        PolicyName: 'Own',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
              Resource: { 'Fn::GetAtt': ['Key0', 'Arn'] },
              Condition: { StringEquals: { 'kms:EncryptionContext:service': 'orders' } },
            },
          ],
        },
      },
    ],
  },
};
