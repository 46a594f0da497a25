import { type Assembly, accessMap, type KeyModel, readAssembly, valueInWords } from '@cdk-keysmith/access';
import { defineCommand } from '../command.ts';
import { flag, texts } from '../options.ts';
import { renderAccessTable } from '../render/access-table.ts';
import { shortPath } from '../render/paths.ts';
import { columnsOf, wantsColour } from '../render/terminal.ts';
import { onlyPrincipals, select } from '../select.ts';
import { DEFAULT_APP } from '../shared-options.ts';

/** `keysmith access`: who can do what with which key of an app, from its templates alone. */
export const access = defineCommand({
  name: 'access',
  synopsis: `[${DEFAULT_APP}] [options]`,
  describe: 'Show who can use which key of an app',
  maxPositionals: 1,
  takesRest: false,
  options: {
    key: texts('Only this key, by alias or construct path; may be given several times'),
    principal: texts('Only this role, user or function; may be given several times'),
    json: flag('Print the access map as JSON'),
  },
  examples: [
    { line: 'keysmith access', describe: `Read ./${DEFAULT_APP}` },
    { line: 'keysmith access --principal Reporter', describe: 'What Reporter can do with every key' },
  ],
  async run({ options: { key, principal, json }, positionals: [app = DEFAULT_APP] }, io) {
    const assembly = readAssembly(app);
    const aliasesOf = (one: KeyModel) => aliasNames(one, assembly);
    const keys = select('key', assembly.keys, key, (one) => [
      shortPath(one.constructPath),
      ...aliasesOf(one),
      one.logicalId,
    ]);
    const map = onlyPrincipals(accessMap({ ...assembly, keys }), principal);
    const table = () =>
      renderAccessTable(map, { colour: wantsColour(io.stdout, io.env), columns: columnsOf(io.stdout), aliasesOf });
    io.stdout.write(json ? `${JSON.stringify(map, withoutPolicies, 2)}\n` : table());
    return 0;
  },
});

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
