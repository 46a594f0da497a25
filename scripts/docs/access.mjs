// What the authorization engine of packages/access says, and the table of KMS operations that it decides by.

import { exported, table } from './built.mjs';

export async function accessReasons() {
  const codes = Object.entries(await exported('access', 'REASON_CODES'));
  return `# Reasons of \`@cdk-keysmith/access\`

Every \`Decision\` of \`evaluate\` and \`evaluateOperation\` has \`reasons\`; each has one of these codes and a text. Codes are
stable; texts are for people and may change.

${table(
  ['Code', 'Meaning'],
  codes.map(([code, meaning]) => [`\`${code}\``, meaning]),
)}
`;
}

export async function kmsPermissions() {
  const operations = [...(await exported('access', 'OPERATIONS'))];
  const rows = operations.map(([name, { permissions, crossAccount, grantable }]) => [
    `[${name}](https://docs.aws.amazon.com/kms/latest/APIReference/API_${name}.html)`,
    permissions.map(permissionInWords).join(', '),
    crossAccount ? 'yes' : 'no',
    grantable ? 'yes' : 'no',
  ]);
  return `# Permissions of AWS KMS

What each operation needs, as the documentation of the API says it. *Account*: an IAM policy on no key. *Grant*: the grant
itself decides. *Other accounts*: whether they can use it at all; a permission for an operation that they cannot use has no
effect. *Grants*: whether a grant can allow it.

${table(['Operation', 'Permissions', 'Other accounts', 'Grants'], rows)}
`;
}

const ROLES = {
  newKey: 'new key',
  sourceKey: 'source key',
  destinationKey: 'destination key',
  replicaKey: 'replica key',
};

function permissionInWords({ action, on, when }) {
  return `\`${action}\` on ${ROLES[on] ?? on}${when === 'tags' ? ' (with tags)' : ''}`;
}
