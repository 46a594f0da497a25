import { type Answer, decisionReport, whoCan } from '@cdk-keysmith/access';
import type { Command } from 'commander';
import { type AppOptions, addAppOption, addOrganizationOptions, keyAction, oneKey, readApp } from '../app.ts';
import type { Io } from '../io.ts';
import { addOutputOptions, type OutputOptions, writeReport } from '../output.ts';
import { renderAnswers } from '../render/answers.ts';
import { columnsOf } from '../render/terminal.ts';
import { addRequestOptions, detailsOf, type RequestOptions } from '../request-options.ts';

/** `keysmith who-can`: everybody who may do one thing with one key. */
export function addWhoCan(program: Command, io: Io): void {
  const command = program
    .command('who-can')
    .description('Show who can do one thing with one key')
    .argument('<action>', 'IAM action of KMS, e.g. Decrypt')
    .argument('<key>', 'Key, by alias, construct path, logical id or ARN');
  addOrganizationOptions(addRequestOptions(addAppOption(command)));
  addOutputOptions(command, ['text', 'json'])
    .addHelpText('after', EXAMPLES)
    .action((action: string, key: string, options: WhoCanOptions) => showWhoCan(action, key, options, io));
}

const EXAMPLES = `
Examples:
  keysmith who-can Decrypt alias/orders
  keysmith who-can Decrypt alias/orders --context tenant=acme --complete`;

interface WhoCanOptions extends AppOptions, RequestOptions, OutputOptions<'text' | 'json'> {
  readonly app: string;
}

function showWhoCan(typedAction: string, typedKey: string, options: WhoCanOptions, io: Io): void {
  const action = keyAction(typedAction);
  const assembly = readApp(options.app, options);
  const key = oneKey(assembly, typedKey);
  const answers = whoCan(assembly, key, action, detailsOf(options));
  const text = () => renderAnswers(key, action, answers, columnsOf(io.stdout));
  writeReport(options.format === 'json' ? jsonOf(key.constructPath, action, answers) : text(), options, io);
}

function jsonOf(key: string, action: string, answers: readonly Answer[]): string {
  const principals = answers.map(({ grantee: { section, type, name, functions }, decision }) => {
    return { section, type, name, functions, ...decisionReport(decision) };
  });
  return `${JSON.stringify({ version: 1, key, action, principals }, null, 2)}\n`;
}
