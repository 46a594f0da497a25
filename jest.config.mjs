// One jest run covers every package, so that one line can sum them all.
// Packages are tested from their sources: no build stands between an edit and its test.

const swc = (target) => [
  '@swc/jest',
  { jsc: { parser: { syntax: 'typescript' }, target }, module: { type: 'commonjs' }, sourceMaps: 'inline' },
];

const packages = ['access', 'envelope', 'local-kms', 'cli'];

const shared = {
  testEnvironment: 'node',
  transform: { '^.+\\.[mc]?[jt]s$': swc('es2022') },
  // These have no CommonJS.
  transformIgnorePatterns: ['/node_modules/(?!@noble/|jose/)'],
  moduleNameMapper: {
    '^cdk-keysmith$': '<rootDir>/lib/index.ts',
    ...Object.fromEntries(
      packages.map((name) => [`^@cdk-keysmith/${name}$`, `<rootDir>/packages/${name}/src/index.ts`]),
    ),
  },
  modulePathIgnorePatterns: ['/cdk\\.out/', '/dist/'],
};

export default {
  rootDir: import.meta.dirname,
  // Some tests start processes; on a machine that does other work as well that takes its time. A project's own setting
  // would not be heard.
  testTimeout: 60_000,
  // Jest would leave one core alone, which is half of a machine with two.
  maxWorkers: '100%',
  // A worker that has grown large takes longer to end than Jest waits, which then suspects the tests.
  workerIdleMemoryLimit: '300MB',
  globalSetup: '<rootDir>/scripts/jest-global.cjs',
  reporters: ['default', '<rootDir>/scripts/jest-total.cjs'],
  projects: [
    {
      ...shared,
      rootDir: import.meta.dirname,
      displayName: 'cdk-keysmith',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      setupFiles: ['<rootDir>/test/setup.ts'],
    },
    ...packages.map((name) => ({
      ...shared,
      rootDir: import.meta.dirname,
      displayName: name,
      testMatch: [`<rootDir>/packages/${name}/test/**/*.test.ts`],
    })),
  ],
};
