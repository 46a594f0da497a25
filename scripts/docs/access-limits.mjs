// The limits of what packages/access reads, from the table that it uses itself.

import { exported, table } from './built.mjs';

export async function accessLimits() {
  const limits = Object.values(await exported('access', 'LIMITS'));
  const rows = limits.map(({ most, unit, of, because }) => [of, `${most.toLocaleString('en-US')} ${unit}`, because]);
  return `# Limits of \`@cdk-keysmith/access\`

Everything that untrusted files could make large. Where a file or template goes beyond its limit, reading it ends with an
\`AccessError\` of code \`FILE_TOO_LARGE\` or \`LIMIT_EXCEEDED\` that names the file and, where it has one, the line. Where a
string, a chain of references, a combination of conditions or a comparison does, that part of the answer is unknown.

${table(['Limit for', 'At most', 'Why so many are enough'], rows)}
`;
}
