// The statements of key policies that AWS services need, from the table that `key.services` writes them from.

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ROOT } from '../lib/work.mjs';
import { table } from './built.mjs';

/** What stands in the place of what depends on the stack and the resource. */
const PLACE = { partition: '<partition>', region: '<region>', account: '<account>', urlSuffix: '<suffix>' };

export function serviceStatements() {
  const { SERVICE_USES } = createRequire(import.meta.url)(join(ROOT, 'dist', 'services', 'service-uses.js'));
  const uses = Object.values(SERVICE_USES);
  const own = uses.filter(({ call }) => !/^(viaService|topicPublisher)/.test(call));
  const publishers = uses.filter(({ call }) => call.startsWith('topicPublisher'));
  const callers = uses.filter(({ call }) => call.startsWith('viaService'));
  return `# AWS services in key policies

Each use that an AWS service makes of keys, with the statement that \`key.services\` writes for it; the
[guide](../guide/constructs/services.md) says how. \`<source>\` is the ARN of the resource, or the pattern of all resources of
that kind in the account where the ARN would be a circle of references; a pattern stands under \`ArnLike\` or \`StringLike\`.
Statements with a * come by themselves when the key is given to a resource that needs them.

${own.map(section).join('\n\n')}

## Publishers to encrypted topics

Under \`StringEquals aws:SourceAccount <account>\` and \`ArnLike aws:SourceArn\`, with \`kms:GenerateDataKey*\` and
\`kms:Decrypt\`, [as the SNS guide has it](${publishers[0].see}):

${table(
  ['Publisher', 'Call', 'Principal', 'Source'],
  publishers.map((use) => [
    name(use),
    code(use.call),
    use.principals(PLACE).map(code).join(', '),
    code(use.source.arn(PLACE, '*')),
  ]),
)}

## Callers

Services that use keys with the permissions of whoever calls them. The principals are those of the call, or the account, so
that its IAM policies decide; \`kms:ViaService\` is \`<service>.<region>.amazonaws.com\` in every partition, and
\`kms:CallerAccount\` is the account of the key. The actions are \`kms:Encrypt\`, \`kms:Decrypt\`, \`kms:ReEncrypt*\`,
\`kms:GenerateDataKey*\` and \`kms:DescribeKey\`; where the service makes grants, \`kms:CreateGrant\` follows in a statement of
its own, under \`kms:GrantIsForAWSResource\`.

${table(
  ['Service', 'Call', '`kms:ViaService`', 'Makes grants', 'Note'],
  callers.map((use) => [
    `[${use.title.replace(' (caller)', '')}](${use.see})`,
    code(use.call),
    code(use.statements[0].conditions({ ...PLACE, sources: [] }).StringEquals['kms:ViaService']),
    use.statements.length > 1 ? 'yes' : '',
    use.trap ?? '',
  ]),
)}
`;
}

const code = (text) => `\`${text}\``;

const name = ({ title, automatic }) => `${title}${automatic ? ' *' : ''}`;

function section(use) {
  const principals =
    use.principals === 'identity' ? 'the identities of the call' : use.principals(PLACE).map(code).join(', ');
  const facts = [
    `${code(`${use.keys === 'signing' ? 'signingKey' : 'key'}.services.${use.call}`)}, principal ${principals}`,
    use.source === undefined ? undefined : `source: ${use.source.of}, ${code(use.source.arn(PLACE, '<name>'))}`,
    use.trap,
  ].filter(Boolean);
  const rows = use.statements.map(({ actions, conditions }) => [
    actions.map(code).join(', '),
    conditions === undefined ? 'none' : inWords(conditions({ ...PLACE, sources: [{ arn: '<source>', exact: true }] })),
  ]);
  return `## ${name(use)}

${facts.map((fact) => `- ${fact}`).join('\n')}

${table(['Actions', 'Conditions'], rows)}

[What AWS says](${use.see})`;
}

function inWords(conditions) {
  return Object.entries(conditions)
    .flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, value]) => code(`${operator} ${key} ${[value].flat().join(', ')}`)),
    )
    .join('<br>');
}
