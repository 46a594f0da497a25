import { readFileSync } from 'node:fs';
import {
  checkAssembly,
  type Finding,
  findingsAsSarif,
  findingsReport,
  parseSuppressions,
  RULES,
  renderFindingsMarkdown,
  SEVERITIES,
  type Severity,
} from '@cdk-keysmith/access';
import { type Command, Option } from 'commander';
import { readApp, today } from '../app.ts';
import { CliError } from '../errors.ts';
import type { Io } from '../io.ts';
import { given, several } from '../options.ts';
import { addOrganizationOptions, type OrganizationFiles } from '../organization.ts';
import { addOutputOptions, type OutputOptions, textStyle, writeReport } from '../output.ts';
import { renderFindings, renderRules } from '../render/findings.ts';
import { seenFromHere } from '../render/paths.ts';
import { printableJson } from '../render/terminal.ts';
import { DEFAULT_APP } from '../shared-options.ts';

/** What tells a pipeline that it worked, and found what it was told to fail on. */
const FOUND = 3;

/** `keysmith check`: what the rules have to say about an app. */
export function addCheck(command: Command, io: Io, exit: (code: number) => void): void {
  command
    .argument('[app]', 'Cloud assembly or template to read', DEFAULT_APP)
    .option('--rule <id>', 'Only this rule; may be given several times', several)
    .option('--suppressions <file>', 'YAML or JSON with rule, path and reason of what may stay', given)
    .addOption(
      new Option('--fail-on <severity>', `Exit with ${FOUND} on findings of this severity or a graver one`)
        .choices([...SEVERITIES, 'none'])
        .default('error'),
    )
    .addOption(
      new Option('--list', 'List the rules instead, as text').conflicts(['rule', 'suppressions', 'format', 'failOn']),
    );
  addOrganizationOptions(command);
  addOutputOptions(command, ['text', 'json', 'markdown', 'sarif'])
    .addHelpText('after', EXAMPLES)
    .action((app: string, options: CheckCommandOptions) => exit(check(app, options, io)));
}

const EXAMPLES = `
Exit codes: 0 nothing to fail on, ${FOUND} --fail-on found something, 1 it failed, 2 the command line is wrong,
128 and more: a signal ended it, or 141: whoever read its output went away before all was written.
What is suppressed with a reason, in the construct's metadata or in the file, does not count.

Examples:
  keysmith check                                Read ./${DEFAULT_APP}
  keysmith check --list                         All rules
  keysmith check --format sarif --output keysmith.sarif --fail-on warning`;

interface CheckCommandOptions extends OrganizationFiles, OutputOptions<'text' | 'json' | 'markdown' | 'sarif'> {
  readonly rule?: readonly string[];
  readonly suppressions?: string;
  readonly failOn: Severity | 'none';
  readonly list?: boolean;
}

function check(app: string, options: CheckCommandOptions, io: Io): number {
  const { rule, suppressions: file, failOn, list, format, output } = options;
  if (list === true) {
    writeReport(renderRules(RULES), { output }, io);
    return 0;
  }
  const findings = checkAssembly(readApp(app, options), {
    ...(rule !== undefined && { rules: rule }),
    ...(file !== undefined && { suppressions: parseSuppressions(textOf(file), file) }),
    today: today(),
  });
  const render: Readonly<Record<CheckCommandOptions['format'], () => string>> = {
    text: () => renderFindings(findings.map(seenFromHere), textStyle({ output }, io).columns),
    json: () => `${printableJson(findingsReport(findings))}\n`,
    markdown: () => renderFindingsMarkdown(findings.map(seenFromHere)),
    sarif: () => `${printableJson(findingsAsSarif(findings, { root: process.cwd() }))}\n`,
  };
  writeReport(render[format](), { output }, io);
  return findings.some((finding) => counts(finding, failOn)) ? FOUND : 0;
}

function counts({ severity, suppressed }: Finding, failOn: Severity | 'none'): boolean {
  return failOn !== 'none' && suppressed === undefined && SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(failOn);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new CliError('FILE', `cannot read ${file} (${why}): name the file of --suppressions`, { cause });
  }
}
