// The examples: their sources, and who can use their keys by the snapshot that test/examples.test.ts holds them to.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { ROOT } from '../lib/work.mjs';

const FOLDER = join(ROOT, 'examples');
const SNAPSHOTS = join(ROOT, 'test', '__snapshots__', 'examples.test.ts.snap');

/** A source begins with a comment: a title, an empty line, and what it is about. */
const ABOUT = /^\/\*\*\n((?: \*.*\n)+?) \*\/\n/;

function examples() {
  return readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const source = readFileSync(join(FOLDER, name, 'app.ts'), 'utf8').replaceAll('\r\n', '\n');
      const about = ABOUT.exec(source);
      if (about === null) {
        throw new Error(`examples/${name}/app.ts does not begin with a comment that has its title`);
      }
      const [title, , ...text] = about[1]
        .trimEnd()
        .replace(/^ \* ?/gm, '')
        .split('\n');
      return { name, title, text: text.join('\n'), code: source.slice(about[0].length).trim() };
    });
}

/** docs/guide/constructs/examples.md */
export function examplesPage() {
  // A file of snapshots is a script that sets the members of `exports`.
  const snapshots = {};
  runInNewContext(readFileSync(SNAPSHOTS, 'utf8'), { exports: snapshots });
  const sections = examples().map(({ name, title, text, code }) => {
    const access = snapshots[`examples/${name} who can use its keys 1`];
    if (access === undefined) {
      throw new Error(`examples/${name} has no snapshot; run jest -u test/examples.test.ts`);
    }
    const words = access.slice(1, -1).trim();
    return `## ${title}

${text} ([source](../../../examples/${name}/app.ts))

\`\`\`ts
${code}
\`\`\`

Who can use its keys, for what:

\`\`\`text
${words}
\`\`\``;
  });
  return `# Examples

Whole applications, one for each thing that keys are used for. Each is synthesized by the tests, with CloudFormation's
validation of templates as strict as it goes, and checked by \`keysmith check\` and [cdk-nag](compliance.md); what stands
below each, who can use its keys for what, is the access map of its assembly, and whoever is not in it can do none of it.

From a clone of the repository:

\`\`\`sh
npx cdk synth --app "node --import tsx examples/webhooks/app.ts" --output cdk.out
npx keysmith access cdk.out
\`\`\`

The application in [\`bin/\`](../../../bin/orders-stack.ts) is the one with functions that use \`@cdk-keysmith/envelope\`: orders
of many tenants, with functions for sealing and for opening.

${sections.join('\n\n')}
`;
}

/** examples/README.md */
export function examplesIndex() {
  const rows = examples().map(({ name, title }) => `| [\`${name}\`](${name}/app.ts) | ${title} |`);
  return `# Examples

| folder | what it shows |
|---|---|
${rows.join('\n')}

\`npx cdk synth --app "node --import tsx examples/webhooks/app.ts"\` synthesizes one of them from the root of the repository.
[The guide](../docs/guide/constructs/examples.md) has them all on one page, with who can use their keys for what.
`;
}
