import { type Assembly, readTemplates } from '@cdk-keysmith/access';
import { readApp } from './apply.ts';
import type { Environment } from './binding.ts';
import { readSeed, type Seed } from './file/read-seed.ts';

/** What a server is seeded from, read. */
export interface Source {
  readonly assembly: Assembly;
  readonly fixed: Seed['fixed'];
  /** The seed file, which may declare nothing; undefined: there is none. */
  readonly seedFile: string | undefined;
}

/** Where it is read from. */
export interface SourcePaths {
  readonly app: string | undefined;
  readonly seed: string | undefined;
}

/** @throws {@link LocalKmsError} `INVALID_APP` or `INVALID_SEED` */
export function readSource({ app, seed: file }: SourcePaths, defaults: Environment): Source {
  const assembly = app === undefined ? readTemplates([]) : readApp(app);
  if (file === undefined) return { assembly, fixed: new Map(), seedFile: undefined };
  const { keys, aliases, principals, fixed } = readSeed(file, defaults);
  return {
    assembly: {
      ...assembly,
      keys: [...assembly.keys, ...keys],
      aliases: [...assembly.aliases, ...aliases],
      principals: [...assembly.principals, ...principals],
    },
    fixed,
    seedFile: file,
  };
}
