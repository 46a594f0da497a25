import type { EncryptionContext } from '@cdk-keysmith/envelope';
import { type Command, Option } from 'commander';
import { given } from '../options.ts';
import { type JsonObject, type MemberPath, memberPath, required, stringOf } from './member.ts';
import { memberPairs } from './values.ts';

/** Messages in members of JSON Lines, instead of files of their own. */
export interface LineOptions {
  readonly jsonl?: boolean;
  readonly field?: MemberPath;
  readonly into?: string;
  readonly contextField?: ReadonlyMap<string, MemberPath>;
  readonly as?: ValueKind;
}

/** What a plaintext is in JSON: a string, the JSON that it is itself, or base64 text of its bytes. */
export type ValueKind = 'text' | 'json' | 'base64';

const VALUE_KINDS: readonly ValueKind[] = ['text', 'json', 'base64'];

/**
 * Adds the options about JSON Lines that all commands have; those added afterwards belong to them too.
 * @param what - what the member holds, for the help
 */
export function addLineOptions(command: Command, what: string): Command {
  return command
    .optionsGroup('JSON Lines:')
    .option('--jsonl', 'The input is JSON Lines: an object in each line')
    .addOption(
      new Option(
        '--field <member>',
        `Member with ${what}: a name or a JSON Pointer, and ? at its end if lines may lack it`,
      ).argParser((text: string) => memberPath(text)),
    );
}

export function intoOption(what: string): Option {
  return new Option('--into <name>', `Name of the member that ${what}, by default that of --field`).argParser(given);
}

export function asOption(): Option {
  return new Option('--as <kind>', 'What the plaintext is, by default text').choices([...VALUE_KINDS]);
}

export function contextFieldOption(): Option {
  return new Option(
    '--context-field <name=member>',
    'Encryption context from a member of each line; may be given several times',
  ).argParser(memberPairs);
}

/** Which options mean something with JSON Lines only, by the names of their values. */
const WITH_LINES: Readonly<Record<string, string>> = {
  field: '--field',
  into: '--into',
  as: '--as',
  contextField: '--context-field',
  writtenAt: '--written-at',
};

/**
 * The member with the message, when the input is JSON Lines; `undefined` for files.
 * Ends the command when options are there that do not go together.
 */
export function fieldOf(options: LineOptions, command: Command): MemberPath | undefined {
  if (options.jsonl === true) {
    return options.field ?? command.error("option '--jsonl' needs '--field <member>', which says where the message is");
  }
  const values = options as Readonly<Record<string, unknown>>;
  const alone = Object.keys(WITH_LINES).filter((name) => values[name] !== undefined);
  if (alone.length > 0) {
    command.error(`option '${alone.map((name) => WITH_LINES[name]).join("', '")}' goes with '--jsonl' only`);
  }
  return undefined;
}

/**
 * The encryption context of a line: the same for all, and what comes from its members.
 * @throws {@link CliError} `REFUSED`
 */
export function contextOfLine(
  object: JsonObject,
  base: EncryptionContext,
  { contextField = new Map() }: LineOptions,
): EncryptionContext {
  const own = [...contextField].map(([name, path]) => {
    const member = required(object, { ...path, optional: false });
    return [name, member === undefined ? '' : stringOf(member, path)] as const;
  });
  return { ...base, ...Object.fromEntries(own) };
}
