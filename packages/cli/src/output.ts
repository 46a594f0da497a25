import { randomBytes } from 'node:crypto';
import { chmodSync, lstatSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Command, Option } from 'commander';
import { CliError, systemReason } from './errors.ts';
import type { Io } from './io.ts';
import { given } from './options.ts';
import { columnsOf, MAX_COLUMNS, wantsColour } from './render/terminal.ts';

/** Forms in which a report can be written; each command has some of them. */
export type Format = 'text' | 'json' | 'markdown' | 'sarif' | 'html';

/** What {@link addOutputOptions} reads. */
export interface OutputOptions<F extends Format = Format> {
  readonly format: F;
  /** File to write to; undefined: stdout. */
  readonly output?: string | undefined;
}

/** `--format` and `--output` of a command that makes a report. The first format is the default. */
export function addOutputOptions(command: Command, formats: readonly [Format, ...Format[]]): Command {
  return command
    .addOption(new Option('--format <format>', 'Form of the report').choices(formats).default(formats[0]))
    .option('--output <file>', 'Write the report to a file instead of stdout', given);
}

/** How a report looks as text. */
export interface TextStyle {
  readonly colour: boolean;
  /** Width in characters. */
  readonly columns: number;
}

/** A file looks the same whatever terminal its report was made in. */
export function textStyle({ output }: Pick<OutputOptions, 'output'>, io: Io): TextStyle {
  return output === undefined
    ? { colour: wantsColour(io.stdout, io.env), columns: columnsOf(io.stdout) }
    : { colour: false, columns: MAX_COLUMNS };
}

/**
 * Writes a report to where the user asked for it. A file is there in full or, after a failure, as it was before.
 *
 * @throws {CliError} `FILE` with the file and what the system says
 */
export function writeReport(text: string, { output }: Pick<OutputOptions, 'output'>, io: Io): void {
  if (output === undefined) {
    io.stdout.write(text);
    return;
  }
  try {
    writeAtomically(output, text);
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError('FILE', `cannot write ${output}: ${systemReason(error, 'write')}`, { cause: error });
  }
}

function writeAtomically(file: string, text: string): void {
  const before = statSync(file, { throwIfNoEntry: false });
  if (before !== undefined && !before.isFile()) {
    // A pipe or a device cannot be replaced, and must not be.
    writeFileSync(file, text);
    return;
  }
  // Renaming would replace a symbolic link instead of what it leads to, or would lead to.
  if (before === undefined && lstatSync(file, { throwIfNoEntry: false }) !== undefined) {
    throw new CliError(
      'FILE',
      `cannot write ${file}: it is a symbolic link to what does not exist; give that path itself`,
    );
  }
  const target = before === undefined ? file : realpathSync(file);
  const draft = join(dirname(target), `.keysmith-${randomBytes(8).toString('hex')}.tmp`);
  try {
    writeFileSync(draft, text, { flag: 'wx', ...(before !== undefined && { mode: before.mode }) });
    // The umask has taken a part of it.
    if (before !== undefined) chmodSync(draft, before.mode);
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
