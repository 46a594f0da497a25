import { AccessError, type Assembly, readAssembly } from '@cdk-keysmith/access';
import { LocalKmsError } from '../errors.ts';
import type { Principal } from '../identity/principal.ts';
import type { Store } from '../state/store.ts';
import { seedAliases } from './aliases.ts';
import { bindingOf, type Environment } from './binding.ts';
import { placeOf, type Seeding } from './context.ts';
import { type SeededFunction, seedFunctions } from './functions.ts';
import { seedGrants } from './grants.ts';
import { seedKeys } from './keys.ts';
import { seedPrincipals } from './principals.ts';

/** A role or user of the app, with where it is declared. */
export interface SeededPrincipal {
  readonly principal: Principal;
  readonly constructPath: string;
  readonly logicalId: string;
  /** Region of the stack that declares it: the one that its programs call, as far as the app tells. */
  readonly region: string;
}

/** What an app brings to the server, beside the keys and aliases in its store. */
export interface App {
  readonly principals: readonly SeededPrincipal[];
  readonly functions: readonly SeededFunction[];
  /** Construct paths of keys, by key ARN. */
  readonly keyPaths: ReadonlyMap<string, string>;
  /** What could not be made, each with its construct path and why. */
  readonly problems: readonly string[];
}

/** A server without an app: only the root users of accounts can call. */
export const NO_APP: App = { principals: [], functions: [], keyPaths: new Map(), problems: [] };

/**
 * Makes the keys, aliases, principals and functions of a cloud assembly.
 * @throws {@link LocalKmsError} `INVALID_APP` when the folder holds no cloud assembly
 */
export function seedApp(directory: string, store: Store, defaults: Environment, now: Date): App {
  const assembly = read(directory);
  const seeding: Seeding = {
    assembly,
    binding: bindingOf(assembly, defaults),
    defaults,
    store,
    now,
    problems: assembly.stacks.flatMap(({ name, problems }) => problems.map((problem) => `stack ${name}: ${problem}`)),
  };
  const keys = seedKeys(seeding);
  seedAliases(seeding, keys);
  seedGrants(seeding, keys);
  const principals = seedPrincipals(seeding);
  const functions = seedFunctions(seeding, principals);
  return {
    principals: [...principals].map(([model, principal]) => ({
      principal,
      constructPath: model.constructPath,
      logicalId: model.logicalId,
      region: placeOf(seeding, model).region,
    })),
    functions,
    keyPaths: new Map([...keys].map(([model, key]) => [key.arn, model.constructPath])),
    problems: seeding.problems,
  };
}

function read(directory: string): Assembly {
  try {
    return readAssembly(directory);
  } catch (error) {
    if (!(error instanceof AccessError)) throw error;
    throw new LocalKmsError('INVALID_APP', `cannot read the app in ${directory}: ${error.message}`, { cause: error });
  }
}
