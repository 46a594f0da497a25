import { ACTION_ROWS, GRANT_OPERATIONS, OPERATION_ROWS } from './kms.generated.ts';
import { lowerCase } from './lower-case.ts';

/**
 * In which part an operation concerns a resource. `account`: none, IAM policies alone decide (`Resource: "*"`).
 * `grant`: a grant on the key, and the grant decides. `key` of `UpdateAlias` is the key that the alias names now, `key`
 * of `ReplicateKey` and `UpdatePrimaryRegion` the primary key.
 */
export type ResourceRole =
  | 'key'
  | 'newKey'
  | 'sourceKey'
  | 'destinationKey'
  | 'replicaKey'
  | 'alias'
  | 'grant'
  | 'account';

/** One permission that an operation asks for. */
export interface Permission {
  /** IAM action with its prefix. */
  readonly action: string;
  /** What it is needed on. */
  readonly on: ResourceRole;
  /** Asked for only when the request has tags. */
  readonly when?: 'tags';
}

/** What authorizing one operation of the KMS API asks for. */
export interface Operation {
  /** Each of them is needed. */
  readonly permissions: readonly Permission[];
  /** The IAM actions of the permissions that are always needed, with their prefix. */
  readonly actions: readonly string[];
  /** Whether a caller of another account can use it. A permission for an operation that is not has no effect there. */
  readonly crossAccount: boolean;
  /** Whether grants can allow it: whether they can hold each of its actions. */
  readonly grantable: boolean;
  /**
   * `key`: the key policy decides together with IAM. `alias`: an IAM policy on the alias and the rules for keys on the
   * key. `none`: IAM policies alone. `grant`: the grant decides, policies can only deny it.
   */
  readonly resource: 'key' | 'alias' | 'none' | 'grant';
}

const GRANTABLE: ReadonlySet<string> = new Set(GRANT_OPERATIONS.map((name) => `kms:${name}`));

function operationOf(row: { crossAccount: boolean; permissions: readonly Permission[] }): Operation {
  const { crossAccount, permissions } = row;
  const needed = permissions.filter(({ when }) => when === undefined).map(({ action }) => action);
  const actions = [...new Set(needed)];
  const grantable = actions.every((action) => GRANTABLE.has(action));
  return { permissions, actions, crossAccount, grantable, resource: resourceOf(permissions) };
}

function resourceOf(permissions: readonly Permission[]): Operation['resource'] {
  const on = permissions.map((permission) => permission.on);
  if (on.includes('alias')) return 'alias';
  if (on.includes('grant')) return 'grant';
  return on.every((role) => role === 'account') ? 'none' : 'key';
}

/**
 * The 56 operations of the KMS API by name, as the documentation of the API has them.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
 */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  Object.entries<Parameters<typeof operationOf>[0]>(OPERATION_ROWS).map(([name, row]) => [name, operationOf(row)]),
);

/** How one IAM action is authorized. */
export interface ActionRule extends Pick<Operation, 'crossAccount' | 'resource'> {
  /** As AWS writes it, with its prefix. */
  readonly action: string;
  /** Whether a grant can hold it. */
  readonly grantable: boolean;
  /** Whether an operation asks for it without a key: CreateKey and what goes with it. */
  readonly onAccount: boolean;
}

const ON_ACCOUNT: ReadonlySet<string> = new Set(
  [...OPERATIONS.values()].flatMap(({ permissions }) =>
    permissions.filter(({ on }) => on === 'account').map(({ action }) => action),
  ),
);

function ruleOf(name: string): ActionRule {
  const action = `kms:${name}`;
  // Of the operation of the same name where there is one: ReplicateKey, too, asks for CreateKey.
  const operation =
    OPERATIONS.get(name) ?? [...OPERATIONS.values()].find((candidate) => candidate.actions.includes(action));
  // SynchronizeMultiRegionKey has no operation: KMS's own service role synchronizes multi-Region keys with it.
  const { crossAccount, resource } = operation ?? { crossAccount: false, resource: 'key' as const };
  return { action, crossAccount, resource, grantable: GRANTABLE.has(action), onAccount: ON_ACCOUNT.has(action) };
}

/** By action in lower case, as IAM compares actions: those of the reference, and those that only the API has so far. */
const ACTIONS: ReadonlyMap<string, ActionRule> = new Map(
  [...new Set([...Object.keys(ACTION_ROWS), ...[...OPERATIONS.values()].flatMap(({ actions }) => actions.map(bare))])]
    .sort()
    .map((name) => [`kms:${name.toLowerCase()}`, ruleOf(name)]),
);

function bare(action: string): string {
  return action.slice('kms:'.length);
}

export function ruleOfAction(action: string): ActionRule | undefined {
  return ACTIONS.get(lowerCase(action));
}

/** Every IAM action of KMS with its prefix, in alphabetical order. */
export const KMS_ACTIONS: readonly string[] = [...ACTIONS.values()].map(({ action }) => action);
