import {
  type AccessMap,
  type Assembly,
  accessMap,
  accessPage,
  accessReport,
  checkAssembly,
  type Finding,
  renderAccessMarkdown,
} from '@cdk-keysmith/access';
import type { Command } from 'commander';
import { aliasNames, namesOfKey, readApp, today } from '../app.ts';
import type { Io } from '../io.ts';
import { several } from '../options.ts';
import { addOrganizationOptions, type OrganizationFiles } from '../organization.ts';
import { addOutputOptions, type OutputOptions, textStyle, writeReport } from '../output.ts';
import { renderAccessTable } from '../render/access-table.ts';
import { printableJson } from '../render/terminal.ts';
import { onlyActions, onlyPrincipals, select } from '../select.ts';
import { DEFAULT_APP } from '../shared-options.ts';

/** `keysmith access`: who can do what with which key of an app, from its templates alone. */
export function addAccess(command: Command, io: Io): void {
  command
    .argument('[app]', 'Cloud assembly to read', DEFAULT_APP)
    .option('--key <name>', 'Only this key, by alias or construct path; may be given several times', several)
    .option('--principal <name>', 'Only this role, user or function; may be given several times', several)
    .option(
      '--action <name>',
      'Only this action, e.g. Decrypt, "data keys" or "hand on"; may be given several times',
      several,
    );
  addOrganizationOptions(command);
  addOutputOptions(command, ['text', 'json', 'markdown', 'html'])
    .addHelpText('after', EXAMPLES)
    .action((app: string, options: AccessOptions) => showAccess(app, options, io));
}

const EXAMPLES = `
Examples:
  keysmith access                       Read ./${DEFAULT_APP}
  keysmith access --principal Reporter  What Reporter can do
  keysmith access --action "hand on"    Who can hand access on
  keysmith access --format html --output access.html  As a page`;

interface AccessOptions extends OrganizationFiles, OutputOptions<'text' | 'json' | 'markdown' | 'html'> {
  readonly key?: readonly string[];
  readonly principal?: readonly string[];
  readonly action?: readonly string[];
}

function showAccess(app: string, options: AccessOptions, io: Io): void {
  const { key = [], principal = [], action = [], output, format } = options;
  const assembly = readApp(app, options);
  const kept = new Set(select('key', assembly.keys, key, (one) => namesOfKey(one, assembly)));
  const whole = accessMap({ ...assembly, keys: assembly.keys.filter((one) => kept.has(one)) });
  const map = onlyActions(onlyPrincipals(whole, principal), action);
  const render: Readonly<Record<AccessOptions['format'], () => string>> = {
    text: () => renderAccessTable(map, { ...textStyle({ output }, io), aliasesOf: (one) => aliasNames(one, assembly) }),
    json: () => `${printableJson(accessReport(map))}\n`,
    markdown: () => renderAccessMarkdown(map),
    html: () => accessPage(map, findingsAbout(map, assembly, key.length + principal.length === 0)),
  };
  writeReport(render[format](), { output }, io);
}

/** What the rules say about the app, or, of some keys or principals only, about those. */
function findingsAbout({ keys }: AccessMap, assembly: Assembly, isWhole: boolean): readonly Finding[] {
  const shown = new Set(
    keys.flatMap(({ key, rows }) => [key.constructPath, ...rows.map(({ grantee }) => grantee.name)]),
  );
  const findings = checkAssembly(assembly, { today: today() });
  return findings.filter(({ constructPath }) => isWhole || shown.has(constructPath));
}
