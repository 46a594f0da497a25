// The functions behind custom resources, each bundled into one file that the constructs hand to Lambda as it is.

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { filesBelow, ROOT } from './work.mjs';

/** Names of the handlers: a folder each. */
export const HANDLERS = readdirSync(join(ROOT, 'handlers'));

/** Where the constructs look for a handler. */
export const bundleOf = (name) => `assets/${name}/index.js`;

/** Bundles all handlers. The SDK is that of the Lambda runtime. */
export const bundleHandlers = () =>
  Promise.all(
    HANDLERS.map((name) =>
      build({
        entryPoints: [join(ROOT, 'handlers', name, 'index.ts')],
        outfile: join(ROOT, bundleOf(name)),
        bundle: true,
        platform: 'node',
        target: 'node22',
        format: 'cjs',
        external: ['@aws-sdk/*'],
        legalComments: 'none',
        logLevel: 'warning',
      }),
    ),
  );

/** Whether every bundle is there, and none of its sources is newer. */
export function bundlesAreCurrent() {
  return HANDLERS.every((name) => {
    const bundle = join(ROOT, bundleOf(name));
    const sources = [import.meta.filename, ...filesBelow(join(ROOT, 'handlers', name))];
    return existsSync(bundle) && sources.every((file) => statSync(file).mtimeMs <= statSync(bundle).mtimeMs);
  });
}
