import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { accessMap, checkAssembly, readAssembly } from '@cdk-keysmith/access';
import type { App } from 'aws-cdk-lib';
import { AwsSolutionsChecks, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import { FINDINGS, NAG_FINDINGS } from './examples-findings';
import { promises } from './promises';

/*
 * Every example, synthesized with aws-cdk-lib's own validation as strict as it goes. Who can use its keys is a snapshot,
 * which the documentation shows: docs/guide/constructs/examples.md.
 */

const FOLDER = join(__dirname, '..', 'examples');
const { context } = require(join(FOLDER, '..', 'cdk.json'));

// What the CDK CLI would tell the app.
delete process.env.CDK_VALIDATION;
process.env.CDK_CONTEXT_JSON = JSON.stringify({
  ...context,
  '@aws-cdk/core:validateAgainstDefaultRules': true,
  '@aws-cdk/core:strictCfnValidateErrors': true,
});

const EXAMPLES = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory());

/** What people and services do with keys, and what decides about who may. */
const ACTIONS = [
  'Encrypt',
  'GenerateDataKey',
  'Decrypt',
  'Sign',
  'Verify',
  'GenerateMac',
  'VerifyMac',
  'DeriveSharedSecret',
  'GetPublicKey',
  'CreateGrant',
  'PutKeyPolicy',
  'ReplicateKey',
  'ImportKeyMaterial',
  'ScheduleKeyDeletion',
];

/** Whose whole templates are kept, so that a change of them is seen: one for each thing that writes templates. */
const KEPT = ['complete', 'dnssec', 'partner', 'webhooks'];

const PACKS = [new AwsSolutionsChecks(), new NIST80053R5Checks(), new PCIDSS321Checks()];

/** Findings of cdk-nag that are about keys: rules of encryption, and any rule that names an action of KMS. */
function nagFindings(app: App): readonly string[] {
  return PACKS.flatMap((pack) => pack.validateScope(app).violations)
    .filter(({ ruleName }) => /KMS|Encrypt|kms:/i.test(ruleName))
    .flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath}`),
    );
}

/** A template without what changes from build to build. */
function normalized(template: unknown): unknown {
  return JSON.parse(JSON.stringify(template).replace(/[0-9a-f]{64}/g, '<hash>'));
}

describe.each(EXAMPLES.map(({ name }) => name))('examples/%s', (name) => {
  const { app }: { app: App } = require(join(FOLDER, name, 'app.ts'));
  const cloud = app.synth();
  const assembly = readAssembly(cloud.directory);

  test('who can use its keys', () => {
    const lines = [...promises(accessMap(assembly), ACTIONS)].flatMap(([path, each]) => [
      path,
      ...each.map((line) => `  ${line}`),
    ]);
    expect(`\n${lines.join('\n')}\n`).toMatchSnapshot();
  });

  test('has nothing to warn of', () => {
    const said = app.node.findAll().flatMap(({ node }) => node.metadata);
    expect(said.filter(({ type }) => type === 'aws:cdk:warning')).toEqual([]);
  });

  test('has no finding but those that stand here with their reason', () => {
    const findings = checkAssembly(assembly).map(({ ruleId, constructPath }) => `${ruleId} ${constructPath}`);
    expect(findings.sort()).toEqual(Object.keys(FINDINGS[name] ?? {}).sort());
  });

  test('has no finding of cdk-nag about keys but those that stand here with their reason', () => {
    expect([...nagFindings(app)].sort()).toEqual(Object.keys(NAG_FINDINGS[name] ?? {}).sort());
  });

  if (KEPT.includes(name)) {
    test('its templates', () => {
      expect(cloud.stacks.map(({ template }) => normalized(template))).toMatchSnapshot();
    });
  }
});
