import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Json = Readonly<Record<string, unknown>>;

export const ACCOUNT = '111122223333';
export const OTHER = '444455556666';

/**
 * Writes an app of two stacks as `cdk synth` would: `App` in account 111122223333, `Other` in 444455556666. The construct
 * path of a resource is `<stack>/<logical id>`.
 */
export function writeApp(app: Json, other: Json = {}): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'keysmith-app-'));
  const artifacts: Record<string, Json> = {};
  for (const [stack, account, resources] of [
    ['App', ACCOUNT, app],
    ['Other', OTHER, other],
  ] as const) {
    artifacts[stack] = {
      type: 'aws:cloudformation:stack',
      environment: `aws://${account}/us-east-1`,
      properties: { templateFile: `${stack}.template.json` },
      displayName: stack,
    };
    const Resources = Object.fromEntries(
      Object.entries(resources).map(([id, one]) => [
        id,
        { ...(one as Json), Metadata: { 'aws:cdk:path': `${stack}/${id}/Resource` } },
      ]),
    );
    writeFileSync(join(folder, `${stack}.template.json`), JSON.stringify({ Resources }));
  }
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ version: '54.0.0', artifacts }));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export function document(...statements: readonly Json[]): Json {
  return { Version: '2012-10-17', Statement: statements };
}

export const DELEGATION: Json = {
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
  Action: 'kms:*',
  Resource: '*',
};

export function key(...statements: readonly Json[]): Json {
  return { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: document(...statements) } };
}

/** A role that the statements of `trust` let somebody become, and that may do what `own` says. */
export function role(name: string, trust: readonly Json[], own: readonly Json[] = [], more: Json = {}): Json {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: name,
      AssumeRolePolicyDocument: document(...trust),
      ...(own.length > 0 && { Policies: [{ PolicyName: 'Own', PolicyDocument: document(...own) }] }),
      ...more,
    },
  };
}
