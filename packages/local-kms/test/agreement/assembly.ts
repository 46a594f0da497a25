import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ACCOUNT,
  type Case,
  FOREIGN,
  type GeneratedPrincipal,
  type Json,
  keyArn,
  OTHER_ACCOUNT,
  PRINCIPALS,
} from './cases.ts';

/** Encrypts what others then try to decrypt. Its own policy and the key's first statement let it. */
export const SEALER = 'App/Sealer';
/** Construct path of the key. */
export const KEY = 'App/Key';

/** Writes a case as the assembly of an app, for as long as something is done with it. */
export async function withAssembly<Result>(one: Case, use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'keysmith-agreement-'));
  try {
    const artifacts: Record<string, Json> = {};
    for (const [stack, account] of [
      ['App', ACCOUNT],
      ['Other', OTHER_ACCOUNT],
    ] as const) {
      artifacts[stack] = {
        type: 'aws:cloudformation:stack',
        environment: `aws://${account}/us-east-1`,
        properties: { templateFile: `${stack}.template.json` },
        displayName: stack,
      };
      writeFileSync(join(folder, `${stack}.template.json`), JSON.stringify(templatesOf(one)[stack]));
    }
    writeFileSync(join(folder, ORGANIZATION_FILE), JSON.stringify(organizationOf(one)));
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ version: '54.0.0', artifacts }));
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Holds the policies of the organization, in the folder of the app. */
export const ORGANIZATION_FILE = 'organization.json';

function organizationOf({ organization: { serviceControl, resourceControl } }: Case): readonly Json[] {
  const ofLevel = (statements: readonly Json[], index: number): Json => ({
    level: index + 1,
    type: 'SERVICE_CONTROL_POLICY',
    name: `level ${index + 1}`,
    document: documentOf(statements),
  });
  const rcp = { level: 1, type: 'RESOURCE_CONTROL_POLICY', name: 'rcp', document: documentOf(resourceControl) };
  return [...serviceControl.map(ofLevel), ...(resourceControl.length === 0 ? [] : [rcp])];
}

/** The key and its grants are in `App`, the principal of the other account is in `Other`. */
function templatesOf({ keyStatements, principals, grants, endpointStatements }: Case): Record<'App' | 'Other', Json> {
  const sealer = {
    Effect: 'Allow',
    Principal: { AWS: { 'Fn::GetAtt': ['Sealer', 'Arn'] } },
    Action: 'kms:Encrypt',
    Resource: '*',
  };
  const resourcesOf = (isForeign: boolean) =>
    principals.flatMap((one, at) => {
      const id = PRINCIPALS[at] ?? `Principal${at}`;
      if ((id === FOREIGN) !== isForeign) return [];
      return [
        [id, resource(`AWS::IAM::${one.type}`, id, principalProperties(one, id.toLowerCase()))] as const,
        ...boundaryOf(one, id),
      ];
    });
  const made = grants.map(({ grantee, operations, constraints }, at) => {
    const properties = { KeyId: keyArn, Operations: operations, ...grantee, ...constraints };
    return [`Grant${at}`, resource('Custom::KeysmithGrant', `Grant${at}`, properties)] as const;
  });
  const text = JSON.stringify({ Resources: Object.fromEntries(resourcesOf(true)) });
  const Other = JSON.parse(
    text
      .replaceAll(JSON.stringify(keyArn), `"arn:aws:kms:*:${ACCOUNT}:key/*"`)
      // Nothing of the other account comes through the endpoint of this one by name.
      .replaceAll(/\{"Ref":"(?:Endpoint|Vpc)"\}/g, '"of-another-account"'),
  ) as Json;
  const endpoint = {
    ServiceName: 'com.amazonaws.us-east-1.kms',
    VpcId: { Ref: 'Vpc' },
    ...(endpointStatements && { PolicyDocument: documentOf(endpointStatements) }),
  };
  const App = {
    Resources: {
      Vpc: resource('AWS::EC2::VPC', 'Vpc', {}),
      Endpoint: resource('AWS::EC2::VPCEndpoint', 'Endpoint', endpoint),
      Key: resource('AWS::KMS::Key', 'Key', { KeyPolicy: documentOf([sealer, ...keyStatements]) }),
      Sealer: resource('AWS::IAM::Role', 'Sealer', { RoleName: 'sealer', AssumeRolePolicyDocument: documentOf([]) }),
      ...Object.fromEntries([...resourcesOf(false), ...made]),
    },
  };
  return { App, Other };
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
