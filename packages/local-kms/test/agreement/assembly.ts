import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACCOUNT, type Case, type GeneratedPrincipal, type Json, PRINCIPALS } from './cases.ts';

/** Encrypts what others then try to decrypt. Its own policy and the key's first statement let it. */
export const SEALER = 'App/Sealer';
/** Construct path of the key. */
export const KEY = 'App/Key';

/** Writes a case as the assembly of an app, for as long as something is done with it. */
export async function withAssembly<Result>(one: Case, use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'keysmith-agreement-'));
  try {
    const artifact = {
      type: 'aws:cloudformation:stack',
      environment: `aws://${ACCOUNT}/us-east-1`,
      properties: { templateFile: 'App.template.json' },
      displayName: 'App',
    };
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ version: '54.0.0', artifacts: { App: artifact } }));
    writeFileSync(join(folder, 'App.template.json'), JSON.stringify(templateOf(one)));
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function templateOf({ keyStatements, principals }: Case): Json {
  const sealer = {
    Effect: 'Allow',
    Principal: { AWS: { 'Fn::GetAtt': ['Sealer', 'Arn'] } },
    Action: 'kms:Encrypt',
    Resource: '*',
  };
  const own = principals.map((one, at) => {
    const id = PRINCIPALS[at] ?? `Principal${at}`;
    return [
      [id, resource(`AWS::IAM::${one.type}`, id, principalProperties(one, id.toLowerCase()))],
      ...boundaryOf(one, id),
    ];
  });
  return {
    Resources: {
      Key: resource('AWS::KMS::Key', 'Key', { KeyPolicy: documentOf([sealer, ...keyStatements]) }),
      Sealer: resource('AWS::IAM::Role', 'Sealer', { RoleName: 'sealer', AssumeRolePolicyDocument: documentOf([]) }),
      ...Object.fromEntries(own.flat()),
    },
  };
}

function principalProperties({ type, statements, boundary }: GeneratedPrincipal, name: string): Json {
  return {
    ...(type === 'Role' ? { RoleName: name, AssumeRolePolicyDocument: documentOf([]) } : { UserName: name }),
    ...(statements.length > 0 && { Policies: [{ PolicyName: 'Own', PolicyDocument: documentOf(statements) }] }),
    ...(boundary !== undefined && { PermissionsBoundary: { Ref: `${boundaryId(name)}` } }),
  };
}

function boundaryOf({ boundary }: GeneratedPrincipal, id: string): readonly (readonly [string, Json])[] {
  if (boundary === undefined) return [];
  const name = boundaryId(id.toLowerCase());
  return [[name, resource('AWS::IAM::ManagedPolicy', name, { PolicyDocument: documentOf(boundary) })]];
}

function boundaryId(name: string): string {
  return `BoundaryOf${name}`;
}

function resource(type: string, id: string, properties: Json): Json {
  return { Type: type, Properties: properties, Metadata: { 'aws:cdk:path': `App/${id}/Resource` } };
}

function documentOf(statements: readonly Json[]): Json {
  return { Version: '2012-10-17', Statement: statements };
}
