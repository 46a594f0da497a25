// `@cdk-keysmith/access/cdk`: types of the CDK only, so that nothing of it is loaded here.

import { resolve } from 'node:path';
import type {
  IPolicyValidationPlugin,
  PolicyValidationPluginReport,
  PolicyViolatingResource,
  PolicyViolation,
  Stage,
} from 'aws-cdk-lib';
import { readAssembly } from './assembly/read.ts';
import { checkAssembly } from './check/check-assembly.ts';
import { type Finding, SEVERITIES, type Severity } from './check/finding.ts';
import { RULES } from './check/rules.ts';
import { type Applicable, ofApp, type Suppression } from './check/suppressions.ts';
import { policyInWords } from './check/words.ts';
import type { DeclaredSuppression } from './model.ts';

/** What to check at synthesis. */
export interface KeysmithChecksOptions {
  /**
   * The mildest severity with which the synthesis fails; `none`: it never does. Default `error`. What fails it is shown as
   * an error and nothing else is, since that is what the CDK goes by once something is acknowledged.
   */
  readonly failOn?: Severity | 'none';
  /** Ids of the rules to run. Default: all. */
  readonly rules?: readonly string[];
  /** From a file, by `parseSuppressions`. Default: none. */
  readonly suppressions?: readonly Suppression[];
}

/**
 * The checks as a validation plugin of the CDK, so that they show in every synthesis:
 * `Validations.of(app).addPlugins(keysmithChecks())`. A finding that may stay is acknowledged as the CDK has it:
 * `Validations.of(key).acknowledge({ id: 'keysmith::rotation-disabled', reason: '…' })`.
 * @see https://docs.aws.amazon.com/cdk/v2/guide/policy-validation-synthesis.html
 */
export function keysmithChecks(options: KeysmithChecksOptions = {}): IPolicyValidationPlugin {
  const { failOn = 'error', rules, suppressions = [] } = options;
  return {
    name: 'keysmith',
    ruleIds: RULES.map(({ id }) => id),
    validate: ({ appConstruct, stackTemplates }): PolicyValidationPluginReport => {
      const assembly = readAssembly((appConstruct as Stage).outdir);
      // The CDK weighs acknowledgements itself, and shows them.
      const isAcknowledgement = ({ kind }: DeclaredSuppression) => kind === 'acknowledgement';
      const declared = assembly.suppressions.filter((one) => !isAcknowledgement(one));
      const acknowledged = assembly.suppressions.filter(isAcknowledgement).flatMap((one) => ofApp(one) ?? []);
      const findings = checkAssembly(
        { ...assembly, suppressions: declared },
        { suppressions, ...(rules !== undefined && { rules }) },
      );
      const files = new Map(assembly.stacks.map(({ name, templateFile }) => [name, templateFile]));
      const asked = new Set(stackTemplates.map(({ templatePath }) => resolve(templatePath)));
      // A nested stack is checked with the stack that it is in; a suppression of a file is in none.
      const isAsked = (stack: string) =>
        stack === '' || [...files].some(([name, file]) => asked.has(file) && within(stack, name));
      const open = findings.filter(({ suppressed, stack }) => suppressed === undefined && isAsked(stack));
      return {
        success: !open.some(({ severity }) => fails(severity, failOn)),
        violations: open.map((finding) => ({
          ...violationOf(finding),
          severity: severityFor(finding, failOn),
          violatingResources: [resourceOf(finding, files, acknowledged)],
        })),
      };
    },
  };
}

function within(stack: string, name: string): boolean {
  return stack === name || stack.startsWith(`${name}/`);
}

function fails(severity: Severity, failOn: Severity | 'none'): boolean {
  return failOn !== 'none' && SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(failOn);
}

function violationOf(finding: Finding): Omit<PolicyViolation, 'violatingResources'> {
  const { ruleId, message, fix } = finding;
  const where = policyInWords(finding);
  return { ruleName: ruleId, description: where === undefined ? message : `${message} (${where})`, fix };
}

/** In the words of the CDK. */
function severityFor({ severity }: Finding, failOn: Severity | 'none'): string {
  if (fails(severity, failOn)) return 'error';
  return severity === 'note' ? 'info' : 'warning';
}

/** The resource at which the CDK looks for acknowledgements: there, and at the constructs that it is in. */
function resourceOf(
  finding: Finding,
  files: ReadonlyMap<string, string>,
  acknowledged: readonly Applicable[],
): PolicyViolatingResource {
  const { ruleId, logicalId, constructPath, stack, policy, policyPath } = finding;
  const templatePath = files.get(stack);
  const atPrincipal = acknowledged.some(({ rule, covers }) => rule === ruleId && covers(withoutPolicy(finding)));
  if (policyPath !== undefined && !atPrincipal) return { constructPath: policyPath, locations: [] };
  if (templatePath === undefined || logicalId === '') return { constructPath, locations: [] };
  const locations = policy?.startsWith('key policy') ? ['Properties.KeyPolicy'] : [];
  return { resourceLogicalId: logicalId, templatePath, locations };
}

function withoutPolicy({ policyPath: _path, ...finding }: Finding): Finding {
  return finding;
}
