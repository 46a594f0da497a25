// The command line's own help, of the command and of each command below it.

import { join } from 'node:path';
import { ROOT, run } from '../lib/work.mjs';

/** The help is wrapped to the terminal, and coloured for it: here it is for neither. */
const PLAIN = { COLUMNS: '100', NO_COLOR: '1', FORCE_COLOR: '0', LC_ALL: 'C', LANG: 'C' };

export async function cliReference() {
  const sections = await helpOf([]);
  return `# The \`keysmith\` command\n\n${sections.join('\n')}`;
}

/** The section of one command, then those of the commands that its help lists. */
async function helpOf(words) {
  const bin = join(ROOT, 'packages', 'cli', 'bin', 'keysmith.js');
  const help = await run(process.execPath, [bin, ...words, '--help'], { quiet: true, env: PLAIN });
  const title = ['keysmith', ...words].join(' ');
  const sections = [`## \`${title}\`\n\n\`\`\`text\n${help.trim()}\n\`\`\`\n`];
  for (const name of commandsIn(help)) {
    sections.push(...(await helpOf([...words, name])));
  }
  return sections;
}

/** Commands stand below the heading "Commands:", each by its name; `help` only shows what stands here already. */
function commandsIn(help) {
  const listed = /^Commands:\n((?:[ \t]+.*\n?)+)/m.exec(help)?.[1] ?? '';
  return [...listed.matchAll(/^ {2}([a-z][\w-]*)/gm)].map(([, name]) => name).filter((name) => name !== 'help');
}
