import { AccessError, type Assembly, type KeyModel, readAssembly } from '@cdk-keysmith/access';
import { LocalKmsError } from '../errors.ts';
import { deleteExpiredKeys, type Store } from '../state/store.ts';
import { seedAliases } from './aliases.ts';
import { type App, NO_APP } from './app.ts';
import { bindingOf, type Environment } from './binding.ts';
import type { AppChange } from './change.ts';
import { seedContainers } from './containers.ts';
import { placeOf, type Seeding } from './context.ts';
import { type Declared, NOTHING_DECLARED } from './declared.ts';
import type { FixedKey } from './fixed.ts';
import { seedFunctions } from './functions.ts';
import { seedGrants } from './grants.ts';
import { seedKeys } from './keys.ts';
import { seedManagedPolicies } from './managed-policies.ts';
import { peopleChanges } from './people-changes.ts';
import { seedPrincipals } from './principals.ts';
import { keepOtherStacks, removeGone } from './remove-gone.ts';
import { seedVpcEndpoints } from './vpc-endpoints.ts';

/** What an app is applied to. */
export interface ApplyTo {
  /** What a seed file says of keys and no template can. Default: nothing. */
  readonly fixed?: ReadonlyMap<KeyModel, FixedKey>;
  /** Path of the seed file: what it declares no longer is gone. Default: there is none. */
  readonly seedFile?: string | undefined;
  /** May hold keys: of earlier applications, of calls, or of an earlier run. */
  readonly store: Store;
  /** Account and Region of stacks that leave theirs open. */
  readonly defaults: Environment;
  readonly now: Date;
  /** What the earlier application returned; left out: nothing was applied to the store before. */
  readonly before?: Declared;
  /** The app as it was before, to tell what changed in it. */
  readonly earlier?: App;
}

export interface Applied {
  readonly app: App;
  /** To be given to the next application. */
  readonly declared: Declared;
  readonly changes: readonly AppChange[];
}

/**
 * Applies an app to a store, as a deployment would: the one rule for a start with an empty store, for an app that changes
 * while the server runs, and for one that meets the keys of an earlier run.
 *
 * - A key of the app that is not there is made. One that is there keeps its material, its grants and what was imported; its
 *   key policy, description, tags, rotation and whether it is enabled become what the app declares, and its aliases too,
 *   whatever calls have done to them.
 * - What KMS cannot change (`KeySpec`, `KeyUsage`, `Origin`, `MultiRegion`), what a seed file fixes of a key that is made
 *   (material, dates), and a key whose deletion a call scheduled, stay as they are, and `problems` says so.
 * - A key that is gone from the app stays where its `DeletionPolicy` retains it, and is the app's no longer; otherwise its
 *   deletion is scheduled with its `PendingWindowInDays`. When it is declared again before, it comes back with its material.
 * - What a stack declared that the app has no longer stays as it is: leaving it out destroys nothing.
 * - Keys, aliases and grants that calls made are left alone.
 *
 * It changes the store and throws nothing.
 */
export function applyApp(assembly: Assembly, to: ApplyTo): Applied {
  const { fixed = new Map(), seedFile, store, defaults, now, before = NOTHING_DECLARED, earlier = NO_APP } = to;
  const seeding: Seeding = {
    assembly,
    fixed,
    seedFile,
    binding: bindingOf(assembly, defaults),
    defaults,
    store,
    now,
    before,
    declared: { keys: new Map(), aliases: new Map(), grants: new Map() },
    changes: [],
    problems: assembly.stacks.flatMap(({ name, problems }) => problems.map((problem) => `stack ${name}: ${problem}`)),
  };
  // What had to happen before comes first: a key whose time is over is not there any more.
  deleteExpiredKeys(store, now);
  const keys = seedKeys(seeding);
  seedAliases(seeding, keys);
  seedGrants(seeding, keys);
  keepOtherStacks(seeding);
  removeGone(seeding);
  const principals = seedPrincipals(seeding);
  const functions = seedFunctions(seeding, principals);
  const app: App = {
    principals: [...principals].map(([model, principal]) => ({
      principal,
      constructPath: model.constructPath,
      logicalId: model.logicalId,
      region: placeOf(seeding, model).region,
    })),
    functions,
    containers: seedContainers(seeding, principals),
    managedPolicies: seedManagedPolicies(seeding),
    vpcEndpoints: seedVpcEndpoints(seeding),
    keyPaths: new Map([...keys].map(([model, key]) => [key.arn, model.constructPath])),
    problems: seeding.problems,
  };
  return { app, declared: seeding.declared, changes: [...seeding.changes, ...peopleChanges(earlier, app)] };
}

/**
 * Reads a cloud assembly, a template or a folder of templates.
 * @throws {@link LocalKmsError} `INVALID_APP` when the folder holds no cloud assembly
 */
export function readApp(path: string): Assembly {
  try {
    return readAssembly(path);
  } catch (error) {
    if (!(error instanceof AccessError)) throw error;
    throw new LocalKmsError('INVALID_APP', `cannot read the app in ${path}: ${error.message}`, { cause: error });
  }
}
