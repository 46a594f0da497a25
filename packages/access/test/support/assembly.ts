import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Assembly, readAssembly } from '@cdk-keysmith/access';
import type { Json } from './ask.ts';

const made: string[] = [];

/** Writes files into a new folder: objects as JSON, strings as they are. */
export function folderWith(files: Record<string, unknown>): string {
  const folder = mkdtempSync(join(tmpdir(), 'keysmith-access-'));
  made.push(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

export function removeFolders(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export interface StackFixture {
  readonly template: Json;
  /** Default: an environment that the app leaves open. */
  readonly environment?: string;
  readonly stackName?: string;
}

/** Files of an assembly as `cdk synth` lays them out. */
export function assemblyFiles(stacks: Record<string, StackFixture>, more: Json = {}): Record<string, unknown> {
  const artifacts = Object.entries(stacks).map(([id, { environment, stackName }]) => [
    id,
    {
      type: 'aws:cloudformation:stack',
      environment: environment ?? 'aws://unknown-account/unknown-region',
      properties: { templateFile: `${id}.template.json`, ...(stackName && { stackName }) },
      displayName: id,
    },
  ]);
  const templates = Object.entries(stacks).map(([id, { template }]) => [`${id}.template.json`, template]);
  return {
    'manifest.json': { version: '54.0.0', artifacts: { ...Object.fromEntries(artifacts), ...more } },
    ...Object.fromEntries(templates),
  };
}

export function assemblyOf(stacks: Record<string, StackFixture>): Assembly {
  return readAssembly(folderWith(assemblyFiles(stacks)));
}

/** An assembly of one stack, `App`, with the given resources. */
export function appOf(resources: Json, more: Omit<StackFixture, 'template'> & { template?: Json } = {}): Assembly {
  return assemblyOf({ App: { ...more, template: { Resources: resources, ...more.template } } });
}

export const joined = (...items: unknown[]) => ({ 'Fn::Join': ['', items] });
export const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });
export const rootOfApp = joined('arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':root');

/** A key that delegates to its account, with statements after that. */
export function keyResource(statements: readonly Json[] = [], properties: Json = {}): Json {
  const delegate = { Effect: 'Allow', Principal: { AWS: rootOfApp }, Action: 'kms:*', Resource: '*' };
  const KeyPolicy = { Version: '2012-10-17', Statement: [delegate, ...statements] };
  return {
    Type: 'AWS::KMS::Key',
    Properties: { KeyPolicy, ...properties },
    Metadata: { 'aws:cdk:path': 'App/Key/Resource' },
  };
}

export function roleResource(properties: Json = {}): Json {
  const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
  return {
    Type: 'AWS::IAM::Role',
    Properties: { AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [trust] }, ...properties },
    Metadata: { 'aws:cdk:path': 'App/Writer/ServiceRole/Resource' },
  };
}

export function policyResource(
  statements: readonly Json[],
  roles: readonly unknown[],
  type = 'AWS::IAM::Policy',
): Json {
  const PolicyDocument = { Version: '2012-10-17', Statement: statements };
  return { Type: type, Properties: { PolicyDocument, PolicyName: 'P', Roles: roles } };
}
