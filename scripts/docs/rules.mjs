// A page for each rule of `keysmith check`, and the table of all, from the rules themselves.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../lib/work.mjs';
import { exported, table } from './built.mjs';

const SOURCES = join(ROOT, 'packages', 'access', 'src', 'check', 'rules');

/** Each rule has a file of its name. */
export const RULE_IDS = readdirSync(SOURCES).map((name) => name.replace(/\.ts$/, ''));

export async function rulePage(id) {
  const rule = (await exported('access', 'RULES')).find((one) => one.id === id);
  if (rule === undefined) {
    throw new Error(`packages/access/src/check/rules/${id}.ts is no rule of the table in check/rules.ts`);
  }
  return `# ${rule.title}

\`${rule.id}\` · ${rule.severity} · [all rules](README.md)

## Why it matters

${rule.why}

## What it leaves alone

${rule.trap}

## What to do

${rule.fix}

[What AWS says](${rule.page})

## Example

Has the finding:

${template(rule.bad)}

Has not:

${template(rule.good)}
`;
}

/** Long lists would hide what an example shows. */
const MOST_SHOWN = 8;

function template({ resources, deployed }) {
  const where = deployed === true ? '\nThe stack is in account 111122223333, Region eu-west-1.\n' : '';
  const shorten = (_name, value) =>
    Array.isArray(value) && value.length > MOST_SHOWN ? [...value.slice(0, 2), `(${value.length - 2} more)`] : value;
  return `${where}\`\`\`json\n${JSON.stringify({ Resources: resources }, shorten, 2)}\n\`\`\``;
}

export async function ruleIndex() {
  const rules = await exported('access', 'RULES');
  const rows = rules.map(({ id, severity, title }) => [`[\`${id}\`](${id}.md)`, severity, title]);
  return `# The rules of \`keysmith check\`

${table(['Rule', 'Severity', 'Finds'], rows)}

\`error\`: certainly not what the author means, or refused at deployment. \`warning\`: open to more than it has to be, or
without effect in part. \`note\`: worth knowing. Single findings of a rule may be milder or graver than most of them; its
page says which. What a template leaves open is not reported.

## When a finding may stay

A suppression always has a reason, and the report still shows what it suppresses. It covers a construct and all below it;
in a file, the constructs that its path matches. What an IAM policy says is covered by one of the policy, and by one of the role, user or group that has it. It is given

- in the CDK, \`Validations.of(key).acknowledge({ id: 'keysmith::rotation-disabled', reason: '…' })\`;
- in the metadata of a resource,

  \`\`\`json
  { "Metadata": { "keysmith": { "suppress": [{ "rule": "rotation-disabled", "reason": "…" }] } } }
  \`\`\`

- in a file of YAML or JSON that \`keysmith check --suppressions <file>\` names, in which \`*\` of a path stands for any
  characters, \`?\` for one, and \`until\` is the last day on which the suppression counts:

  \`\`\`yaml
  suppressions:
    - rule: confused-deputy
      path: Orders/Topic/*
      reason: the service sends no source, as its documentation says
      until: 2027-06-30
  \`\`\`
`;
}
