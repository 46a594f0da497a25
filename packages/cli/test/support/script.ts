// Script files: commands, what they must print and how they must end, read as one would type them.
//
//   # a sentence that says what holds         the first one is the title of the test
//   keysmith access $ORDERS                   runs and must exit with 0
//   ! keysmith acces                          runs and must exit with something else
//   keysmith message inspect < order.msg      gets the file as its standard input
//   keysmith local &                          runs in the background until `kill`
//   await stdout listening                    waits until the background command has printed it
//   call seal.mjs acme                        runs a fixture with the variables that the background command told to export
//   exports                                   gives those variables to all commands that follow
//   git add old.json                          runs git in the working directory, and must exit with 0
//   kill SIGTERM                              sends the signal to the background command and waits for its end
//   exit 2                                    exit code of the last command that ended
//   stdout some words                         its stdout contains them
//   ! stderr some words                       … and must not contain them
//   stdout is golden.txt                      equals the file, which stands below as `-- golden.txt --`
//   stdout is json                            is one JSON text
//   stderr lines 1                            has that many lines
//   same one.txt other.txt                    two files have the same bytes
//   ! exists some.txt                         a file is there, or is not
//   env NAME=value                            for the commands that follow

import { readFileSync } from 'node:fs';

export interface Step {
  readonly line: number;
  readonly negated: boolean;
  readonly verb: string;
  readonly text: string;
}

export interface Script {
  readonly title: string;
  readonly steps: readonly Step[];
  readonly files: ReadonlyMap<string, string>;
}

export function readScript(file: string): Script {
  const [commands = '', ...sections] = readFileSync(file, 'utf8').split(/^(?=-- \S+ --$)/m);
  const lines = commands.split('\n');
  const title = lines.find((line) => line.startsWith('# '))?.slice(2);
  if (title === undefined) {
    throw new Error(`${file}: begins with "# " and what the script shows`);
  }
  return {
    title,
    steps: lines.flatMap((text, index) => readStep(text.trim(), index + 1)),
    files: new Map(sections.map(readSection)),
  };
}

function readStep(text: string, line: number): Step[] {
  if (text === '' || text.startsWith('#')) {
    return [];
  }
  const negated = text.startsWith('! ');
  const [verb = '', ...words] = (negated ? text.slice(2) : text).split(' ');
  return [{ line, negated, verb, text: words.join(' ') }];
}

function readSection(section: string): [string, string] {
  const end = section.indexOf('\n');
  return [section.slice(3, end - 3), section.slice(end + 1)];
}

/** Splits a command into words as a shell does, as far as scripts need: single quotes and `$NAME`. */
export function wordsOf(command: string, variables: Readonly<Record<string, string>>): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(
    ([, quoted, plain]) =>
      quoted ?? (plain ?? '').replace(/\$([A-Z_]+)/g, (whole, name: string) => variables[name] ?? whole),
  );
}
