// Who may import whom: docs/adr/0001. `npm run check -- imports` applies it, test/repository.test.ts breaks every rule.

const { join } = require('node:path');

const OURS = ['access', 'envelope', 'local-kms', 'cli'];

/** What each part may import of the packages; the part itself is always allowed. */
const ALLOWED = {
  access: [],
  envelope: [],
  'local-kms': ['access'],
  cli: ['access', 'local-kms', 'envelope'],
};

/** A package by its folder, or by its name where it is not installed or not built. */
const packagePath = (names) => `^(packages|node_modules/@cdk-keysmith|@cdk-keysmith)/(${names.join('|')})(/|$)`;

const layers = Object.entries(ALLOWED)
  .map(([name, allowed]) => ({
    name,
    others: OURS.filter((other) => other !== name && !allowed.includes(other)),
    allowed,
  }))
  // Whoever may import all others needs no rule, and an empty list of names would match every package.
  .filter(({ others }) => others.length > 0)
  .map(({ name, others, allowed }) => ({
    name: `${name}-imports`,
    comment: `Of our packages, ${name} may import ${allowed.join(', ') || 'none'}.`,
    severity: 'error',
    from: { path: `^packages/${name}/src/` },
    to: { path: packagePath(others) },
  }));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'constructs-stand-alone',
      comment: 'jsii cannot load the packages, and users of the constructs do not install them.',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: packagePath(OURS) },
    },
    {
      name: 'handlers-stand-alone',
      comment:
        'A handler runs in Lambda: it is bundled without the constructs, and finds the AWS SDK there and nothing else.',
      severity: 'error',
      from: { path: '^handlers/' },
      to: { pathNot: '^(handlers/|node:|node_modules/@aws-sdk/)', dependencyTypesNot: ['core'] },
    },
    {
      name: 'handlers-are-bundled',
      comment: 'The constructs name the bundle of a handler by its folder; its sources are not published.',
      severity: 'error',
      from: { path: '^(lib|packages/[^/]+/src)/' },
      to: { path: '^handlers/' },
    },
    ...layers,
    {
      name: 'packages-do-not-know-the-constructs',
      comment: 'The packages meet the constructs in the contract and in the cloud assembly only.',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/' },
      to: { path: '^(lib/|dist/|cdk-keysmith($|/))' },
    },
    {
      name: 'packages-by-name',
      comment: 'Another package is imported through its name: its files are its own business.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/(src|test|bench)/' },
      to: { path: '^packages/', pathNot: '^packages/$1/', dependencyTypesNot: ['aliased', 'npm'] },
    },
    {
      name: 'sources-without-tests',
      comment: 'What is published does not import what is not.',
      severity: 'error',
      from: { path: '^(lib|packages/[^/]+/src)/' },
      to: { path: '(^|/)(test|bench|scripts|bin|examples)/', pathNot: 'node_modules' },
    },
    {
      name: 'sources-without-development-dependencies',
      comment: 'A published file may import only what its own package.json brings along.',
      severity: 'error',
      from: { path: '^(lib|packages/[^/]+/src)/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['npm', 'npm-peer', 'npm-optional'],
      },
    },
    {
      name: 'no-cycles',
      comment: 'Types count too: files that know each other are one file.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere escapes all other rules.',
      severity: 'error',
      // Commands start what is built; the check needs no build.
      from: { path: '^(lib|handlers|test|bin|bench|examples|packages)/', pathNot: '^packages/[^/]+/bin/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules|(^|/)dist/' },
    exclude: { path: '(^|/)cdk\\.out/' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    // Packages lead to their sources, built or not. The tool takes these paths relative to the folder that it runs in.
    tsConfig: { fileName: join(__dirname, 'scripts', 'checks', 'imports.tsconfig.json') },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'require', 'node', 'default'],
      extensions: ['.ts', '.mts', '.cts', '.d.ts', '.mjs', '.cjs', '.js', '.json'],
    },
  },
};
