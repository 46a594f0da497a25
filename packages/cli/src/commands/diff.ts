import { accessDiff, accessMap, renderDiffMarkdown } from '@cdk-keysmith/access';
import { type Command, InvalidArgumentError } from 'commander';
import { createColors } from 'picocolors';
import { FAIL_ON, type FailOn, findingsIn } from '../fail-on.ts';
import type { Io } from '../io.ts';
import { given } from '../options.ts';
import { addOrganizationOptions, type OrganizationFiles } from '../organization.ts';
import { addOutputOptions, type OutputOptions, textStyle, writeReport } from '../output.ts';
import { renderDiff } from '../render/diff.ts';
import { printableJson } from '../render/terminal.ts';
import { DEFAULT_APP } from '../shared-options.ts';
import { readStates, type States } from '../states.ts';

/** What tells a pipeline that it worked, and found what it was told to fail on. */
const FOUND = 3;

/** `keysmith diff`: what access two states of an app differ in. */
export function addDiff(command: Command, io: Io, exit: (code: number) => void): void {
  command
    .argument('<old>', 'Cloud assembly, template, or revision:path of git')
    .argument('[new]', 'The same, of after', DEFAULT_APP)
    .option('--fail-on <kinds>', `Exit with ${FOUND} on any of: ${FAIL_ON.join(', ')}`, kinds);
  addOrganizationOptions(command);
  addOutputOptions(command, ['text', 'json', 'markdown'])
    .addHelpText('after', EXAMPLES)
    .action((old: string, now: string, options: DiffOptions) => exit(showDiff(old, now, options, io)));
}

const EXAMPLES = `
Exit codes: 0 nothing to fail on, ${FOUND} --fail-on found something, 1 it failed, 2 the command line is wrong,
128 and more: a signal ended it, or 141: whoever read its output went away before all was written.
"widened" counts what may be wider too: a condition that changed and is not proved to be narrower.

Examples:
  keysmith diff main:cdk.out                        A committed assembly and ./${DEFAULT_APP}
  keysmith diff old.template.json new.template.json Two templates
  keysmith diff main:cdk.out --format markdown --fail-on lockout,escalation`;

type DiffFormat = 'text' | 'json' | 'markdown';

interface DiffOptions extends OrganizationFiles, OutputOptions<DiffFormat> {
  readonly failOn?: readonly FailOn[];
}

function showDiff(old: string, now: string, options: DiffOptions, io: Io): number {
  const { failOn = [], format, output } = options;
  const states = readStates(old, now, options);
  const diff = accessDiff(states.before, states.after);
  const render: Readonly<Record<DiffFormat, (states: States) => string>> = {
    text: () => {
      const { colour, columns } = textStyle({ output }, io);
      return renderDiff(diff, { colours: createColors(colour), columns });
    },
    json: () => `${printableJson(diff)}\n`,
    markdown: ({ after }) => renderDiffMarkdown(diff, accessMap(after)),
  };
  writeReport(render[format](states), { output }, io);
  const found = findingsIn(diff, failOn);
  if (found.length === 0) return 0;
  io.stderr.write(`keysmith: found what to fail on: ${found.join(', ')}\n`);
  return FOUND;
}

function kinds(text: string, before: readonly FailOn[] = []): readonly FailOn[] {
  const typed = given(text)
    .split(',')
    .map((kind) => kind.trim());
  const strange = typed.filter((kind) => !(FAIL_ON as readonly string[]).includes(kind));
  if (strange.length > 0) {
    throw new InvalidArgumentError(`There is no "${strange.join('", "')}": it is a list of ${FAIL_ON.join(', ')}.`);
  }
  return [...before, ...(typed as FailOn[])];
}
