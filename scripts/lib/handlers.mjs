// The functions behind custom resources, each bundled into one file that the constructs hand to Lambda as it is.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { ROOT } from './work.mjs';

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
