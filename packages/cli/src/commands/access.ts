import { type Assembly, accessMap, type KeyModel, readAssembly, valueInWords } from '@cdk-keysmith/access';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { several } from '../options.ts';
import { addOutputOptions, type OutputOptions, writeReport } from '../output.ts';
import { renderAccessTable } from '../render/access-table.ts';
import { shortPath } from '../render/paths.ts';
import { columnsOf, wantsColour } from '../render/terminal.ts';
import { onlyPrincipals, select } from '../select.ts';
import { DEFAULT_APP } from '../shared-options.ts';

/** `keysmith access`: who can do what with which key of an app, from its templates alone. */
export function addAccess(program: Command, io: Io): void {
  const command = program
    .command('access')
    .description('Show who can use which key of an app')
    .argument('[app]', 'Cloud assembly to read', DEFAULT_APP)
    .option('--key <name>', 'Only this key, by alias or construct path; may be given several times', several)
    .option('--principal <name>', 'Only this role, user or function; may be given several times', several);
  addOutputOptions(command, ['text', 'json'])
    .addHelpText('after', EXAMPLES)
    .action((app: string, options: AccessOptions) => showAccess(app, options, io));
}

const EXAMPLES = `
Examples:
  keysmith access                       Read ./${DEFAULT_APP}
  keysmith access --principal Reporter  What Reporter can do`;

interface AccessOptions extends OutputOptions<'text' | 'json'> {
  readonly key?: readonly string[];
  readonly principal?: readonly string[];
}

function showAccess(app: string, { key = [], principal = [], format, output }: AccessOptions, io: Io): void {
  const assembly = readAssembly(app);
  const aliasesOf = (one: KeyModel) => aliasNames(one, assembly);
  const keys = select('key', assembly.keys, key, (one) => [
    shortPath(one.constructPath),
    ...aliasesOf(one),
    one.logicalId,
  ]);
  const map = onlyPrincipals(accessMap({ ...assembly, keys }), principal);
  const colour = output === undefined && wantsColour(io.stdout, io.env);
  const table = () => renderAccessTable(map, { colour, columns: columnsOf(io.stdout), aliasesOf });
  writeReport(format === 'json' ? `${JSON.stringify(map, withoutPolicies, 2)}\n` : table(), { output }, io);
}

function aliasNames(key: KeyModel, { aliases }: Assembly): string[] {
  return aliases
    .filter((alias) => alias.key?.constructPath === key.constructPath)
    .map(({ name }) => valueInWords(name));
}

/** Every reason refers to a policy and a statement: in JSON by name and number, or a map would repeat each many times. */
function withoutPolicies(member: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (member === 'policy' && 'name' in value) {
    return value.name;
  }
  return member === 'statement' && 'index' in value ? value.index : value;
}
