// The codes of EnvelopeError, from the table that the package itself uses.

import { exported, table } from './built.mjs';

export async function envelopeErrors() {
  const codes = await exported('envelope', 'ERROR_CODES');
  const rows = Object.entries(codes).map(([code, { meaning, remedy, retryable }]) => [
    `\`${code}\``,
    meaning,
    remedy,
    retryable ? 'yes' : 'no',
  ]);
  return `# Errors of \`@cdk-keysmith/envelope\`

Every failure is an \`EnvelopeError\` with one of these codes in \`code\`. Codes are stable; messages are for people and may
change. *Retryable* says whether the same call may succeed when it is repeated unchanged.

${table(['Code', 'Meaning', 'What to do', 'Retryable'], rows)}
`;
}
