// packages/access/src/engine/kms.generated.ts: what AWS's documents say about the authorization of KMS.

import { actions, conditionKeys, grantOperations, operations, sources } from './kms-documents.mjs';

/** Keys that come with any name at their end. `kms:RecipientAttestation` has 57 names, all for the same actions. */
const FAMILIES = ['kms:RecipientAttestation:'];

export async function kmsTables() {
  const iamActions = await actions();
  const keys = await conditionKeys();
  return `// Written by "npm run docs" from the packages that SOURCES names; "npm run check -- docs" compares. Do not edit.

/** Which packages the tables come from, and the day as of which the service authorization reference was read. */
export const SOURCES = {
${Object.entries(sources())
  .map(([name, value]) => `  '${name}': '${value}',`)
  .join('\n')}
} as const;

/** The operations of the API: whether another account can use them, and which IAM action is needed on what. */
export const OPERATION_ROWS = {
${operations().map(operationRow).join('\n')}
} as const;

/** IAM actions without their prefix, and the types of resources that they are about. */
export const ACTION_ROWS = {
${iamActions.map(({ name, resources }) => `  ${name}: [${resources.map((type) => `'${type}'`).join(', ')}],`).join('\n')}
} as const;

/** What a grant can hold. */
export const GRANT_OPERATIONS = [
${grantOperations()
  .map((name) => `  '${name}',`)
  .join('\n')}
] as const;

/** Condition keys, and the actions whose requests carry them. A name that ends with ":" or "/" is any that begins so. */
export const CONDITION_KEY_ROWS = {
${conditionKeyRows(keys, iamActions).join('\n')}
} as const;
`;
}

function operationRow({ name, crossAccount, permissions }) {
  const needed = permissions.map(({ action, on, when }) => {
    return `{ action: 'kms:${action}', on: '${on}'${when === undefined ? '' : `, when: '${when}'`} }`;
  });
  return `  ${name}: { crossAccount: ${crossAccount}, permissions: [${needed.join(', ')}] },`;
}

function conditionKeyRows(keys, iamActions) {
  const rows = new Map();
  for (const { key, type, resources } of keys) {
    const name = FAMILIES.find((family) => key.startsWith(family)) ?? key.replace(/\$\{.*$/, '');
    const row = rows.get(name) ?? { type, carriers: new Set() };
    for (const action of iamActions) {
      if (action.conditionKeys.includes(key) || action.resources.some((type) => resources.includes(type))) {
        row.carriers.add(action.name);
      }
    }
    rows.set(name, row);
  }
  return [...rows].map(([name, { type, carriers }]) => {
    return `  '${name}': { type: '${type}', actions: '${[...carriers].sort().join(' ')}' },`;
  });
}
