// The steps that stand between a fresh clone and a running program.

import { npm, step, tool } from './work.mjs';

export const PACKAGES = ['access', 'envelope', 'local-kms', 'cli'];
export const MANIFESTS = ['package.json', ...PACKAGES.map((name) => `packages/${name}/package.json`)];
const COMPILER = ['package-lock.json', 'tsconfig.base.json', 'packages/tsconfig.base.json'];
const PUBLISHING = ['scripts/lib/published.mjs', 'scripts/lib/exports.mjs', ...MANIFESTS];
const sourcesOf = (names) => names.flatMap((name) => [`packages/${name}/src`, `packages/${name}/tsconfig.json`]);

/** Node.js 20 is what the packages still support; jsii's tools would rather not run on it, and say so at length. */
export const JSII_ENVIRONMENT = { JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' };

/** Installs exactly what the lockfile says. */
export const install = () =>
  step('install', {
    inputs: ['package-lock.json', ...MANIFESTS],
    outputs: ['node_modules/.package-lock.json'],
    work: () => npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], { quiet: true }),
  });

/** A step that others wait for too is done for all of them at once. */
const shared = (work) => {
  let done;
  return () => {
    done ??= work();
    return done;
  };
};

/** Compiles packages into folders that hold nothing else, and writes the code that is loaded. */
const compile = async (names, args) => {
  // esbuild is there when `install` is done.
  const { empty, publish } = await import('./published.mjs');
  names.forEach(empty);
  await tool('typescript/bin/tsc', args);
  await Promise.all(names.map(publish));
};

/** Compiles the helper, which the example's functions are bundled with. */
const buildEnvelope = shared(() =>
  step('build envelope', {
    inputs: [...COMPILER, ...PUBLISHING, ...sourcesOf(['envelope'])],
    outputs: ['index.js', 'cjs/index.js'].map((file) => `packages/envelope/dist/${file}`),
    work: () => compile(['envelope'], ['-b', '--force', 'packages/envelope']),
  }),
);

/** Compiles the packages that run beside it: none of them reads what another step writes at the same time. */
const buildLocalKms = () =>
  step('build access, local-kms', {
    inputs: [...COMPILER, ...PUBLISHING, ...sourcesOf(['access', 'local-kms'])],
    outputs: ['access', 'local-kms'].flatMap((name) => [
      `packages/${name}/dist/index.js`,
      `packages/${name}/dist/cjs/index.js`,
    ]),
    work: () => compile(['access', 'local-kms'], ['-b', '--force', 'packages/local-kms']),
  });

/** Compiles the command, against the declarations of all packages. */
const buildTools = async () => {
  await Promise.all([buildEnvelope(), buildLocalKms()]);
  await step('build cli', {
    inputs: [...COMPILER, ...PUBLISHING, ...sourcesOf(PACKAGES)],
    outputs: ['packages/cli/dist/main.js'],
    work: () => compile(['cli'], ['-p', 'packages/cli']),
  });
};

/** Compiles all packages. */
export const buildPackages = buildTools;

/** Bundles the functions behind custom resources, and the layer with the helper. esbuild is there when `install` is done. */
const buildHandlers = shared(async () => {
  const { bundleHandlers, bundleOf, HANDLERS } = await import('./handlers.mjs');
  await step('build handlers', {
    inputs: ['package-lock.json', 'scripts/lib/handlers.mjs', 'handlers'],
    outputs: HANDLERS.map(bundleOf),
    work: bundleHandlers,
  });
  const { bundleLayer, LAYER } = await import('./layer.mjs');
  await step('build layer', {
    inputs: ['package-lock.json', 'scripts/lib/layer.mjs', 'LICENSE', 'NOTICE', ...sourcesOf(['envelope'])],
    outputs: [LAYER],
    work: bundleLayer,
  });
});

/** Compiles the constructs and their jsii assembly; a warning is an error. */
export const buildConstructs = async () => {
  await buildHandlers();
  await step('build constructs', {
    inputs: ['package-lock.json', 'package.json', 'README.md', 'tsconfig.base.json', 'tsconfig.jsii.json', 'lib'],
    outputs: ['.jsii', 'dist/index.js'],
    work: () =>
      tool('jsii/bin/jsii', ['--silence-warnings=metadata/missing-dev-dependency', '--fail-on-warnings'], {
        env: JSII_ENVIRONMENT,
        quiet: true,
      }),
  });
};

/** Synthesizes the example application into cdk.out. */
const synthesize = () =>
  step('synth', {
    inputs: ['cdk.json', 'bin', 'lib', 'handlers', ...COMPILER, ...sourcesOf(['envelope'])],
    outputs: ['cdk.out/manifest.json'],
    work: () => tool('aws-cdk/bin/cdk', ['synth', '--quiet'], { quiet: true, env: { CDK_DISABLE_VERSION_CHECK: '1' } }),
  });

/** All that the example needs: its assembly, and the packages that run it. */
export const buildExample = () =>
  Promise.all([Promise.all([buildEnvelope(), buildHandlers()]).then(synthesize), buildTools()]);
