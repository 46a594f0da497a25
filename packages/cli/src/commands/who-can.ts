import { answersReport, renderAnswersMarkdown, whoCan } from '@cdk-keysmith/access';
import type { Command } from 'commander';
import { addAppOption, keyAction, oneKey, readApp } from '../app.ts';
import type { Io } from '../io.ts';
import { addOrganizationOptions, type OrganizationFiles } from '../organization.ts';
import { addOutputOptions, type OutputOptions, textStyle, writeReport } from '../output.ts';
import { renderAnswers } from '../render/answers.ts';
import { printableJson } from '../render/terminal.ts';
import { addRequestOptions, detailsOf, type RequestOptions } from '../request-options.ts';

/** `keysmith who-can`: everybody who may do one thing with one key. */
export function addWhoCan(command: Command, io: Io): void {
  command
    .argument('<action>', 'IAM action of KMS, e.g. Decrypt')
    .argument('<key>', 'Key, by alias, construct path, logical id or ARN');
  addOrganizationOptions(addRequestOptions(addAppOption(command)));
  addOutputOptions(command, ['text', 'json', 'markdown'])
    .addHelpText('after', EXAMPLES)
    .action((action: string, key: string, options: WhoCanOptions) => showWhoCan(action, key, options, io));
}

const EXAMPLES = `
Examples:
  keysmith who-can Decrypt alias/orders
  keysmith who-can Decrypt alias/orders --context tenant=acme --complete`;

interface WhoCanOptions extends OrganizationFiles, RequestOptions, OutputOptions<'text' | 'json' | 'markdown'> {
  readonly app: string;
}

function showWhoCan(typedAction: string, typedKey: string, options: WhoCanOptions, io: Io): void {
  const action = keyAction(typedAction);
  const assembly = readApp(options.app, options);
  const key = oneKey(assembly, typedKey);
  const answers = whoCan(assembly, key, action, detailsOf(options));
  const render: Readonly<Record<WhoCanOptions['format'], () => string>> = {
    text: () => renderAnswers(key, action, answers, textStyle(options, io).columns),
    json: () => `${printableJson(answersReport(key, action, answers))}\n`,
    markdown: () => renderAnswersMarkdown(key, action, answers),
  };
  writeReport(render[options.format](), options, io);
}
