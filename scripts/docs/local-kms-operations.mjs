// Which operations the local KMS answers, against all that the AWS SDK knows.

import { createRequire } from 'node:module';
import { exported, table } from './built.mjs';

export async function localKmsOperations() {
  const operations = await exported('local-kms', 'SUPPORTED_OPERATIONS');
  const all = Object.keys(createRequire(import.meta.url)('@aws-sdk/client-kms'))
    .filter((name) => name.endsWith('Command') && name !== '$Command')
    .map((name) => name.slice(0, -'Command'.length))
    .sort();
  const unknown = operations.filter((name) => !all.includes(name));
  if (unknown.length > 0) {
    throw new Error(`the local KMS has operations that AWS KMS does not have: ${unknown.join(', ')}`);
  }
  const rows = all.map((name) => [
    `[${name}](https://docs.aws.amazon.com/kms/latest/APIReference/API_${name}.html)`,
    operations.includes(name) ? 'yes' : 'no',
  ]);
  return `# Operations of the local KMS

AWS KMS has ${all.length} operations; the local KMS has ${operations.length} of them. What it does not have, it refuses.

${table(['Operation', 'Local KMS'], rows)}
`;
}
