import {
  type Explanation,
  explainAccess,
  explanationReport,
  renderExplanationMarkdown,
  whoCan,
} from '@cdk-keysmith/access';
import type { Command } from 'commander';
import { addAppOption, keyAction, oneGrantee, oneKey, readApp } from '../app.ts';
import type { Io } from '../io.ts';
import { addOrganizationOptions, type OrganizationFiles } from '../organization.ts';
import { addOutputOptions, type OutputOptions, textStyle, writeReport } from '../output.ts';
import { renderExplanation } from '../render/explanation.ts';
import { seenFromHere } from '../render/paths.ts';
import { printableJson } from '../render/terminal.ts';
import { addRequestOptions, detailsOf, type RequestOptions } from '../request-options.ts';

/** `keysmith why`: what decides whether a principal may do something with a key. */
export function addWhy(command: Command, io: Io): void {
  command
    .argument('<principal>', 'Role, user, function, service or account')
    .argument('<action>', 'IAM action of KMS, e.g. Decrypt')
    .argument('<key>', 'Key, by alias, construct path, logical id or ARN');
  addOrganizationOptions(addRequestOptions(addAppOption(command)));
  addOutputOptions(command, ['text', 'json', 'markdown'])
    .addHelpText('after', EXAMPLES)
    .action((principal: string, action: string, key: string, options: WhyOptions) => {
      showWhy({ principal, action, key }, options, io);
    });
}

const EXAMPLES = `
Examples:
  keysmith why Reader Decrypt alias/orders
  keysmith why Reader Decrypt alias/orders --context tenant=acme --complete`;

interface WhyOptions extends OrganizationFiles, RequestOptions, OutputOptions<'text' | 'json' | 'markdown'> {
  readonly app: string;
}

interface Typed {
  readonly principal: string;
  readonly action: string;
  readonly key: string;
}

function showWhy(typed: Typed, options: WhyOptions, io: Io): void {
  const action = keyAction(typed.action);
  const assembly = readApp(options.app, options);
  const key = oneKey(assembly, typed.key);
  const grantees = whoCan(assembly, key, action).map(({ grantee }) => grantee);
  const { type, name } = oneGrantee(grantees, typed.principal);
  const isMeant = (grantee: Explanation['grantee']) => grantee.type === type && grantee.name === name;
  const explanations = explainAccess(assembly, key, action, isMeant, detailsOf(options));
  const render: Readonly<Record<WhyOptions['format'], (one: Explanation) => string>> = {
    text: (one) => renderExplanation(shown(one), textStyle(options, io).columns),
    json: (one) => `${printableJson(explanationReport(one))}\n`,
    markdown: (one) => renderExplanationMarkdown(shown(one)),
  };
  // Type and name are those of one grantee.
  writeReport(explanations.map(render[options.format]).join(''), options, io);
}

function shown(explanation: Explanation): Explanation {
  return { ...explanation, links: explanation.links.map(seenFromHere) };
}
