// Prints the closing line of a run, summed over all packages, and keeps it where `npm test` asks for it.
const { mkdirSync, writeFileSync } = require('node:fs');
const { dirname } = require('node:path');

// Set by scripts/test.mjs for a run of everything: what a run of some tests adds up to is nobody's total.
const file = process.env.KEYSMITH_TEST_TOTAL;

module.exports = class JestTotal {
  onRunComplete(_contexts, results) {
    // A suite that did not even load has no tests to count; it still failed.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const line = `tests: ${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped`;
    if (file) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, `${line}\n`);
    }
    process.stdout.write(`${line}\n`);
  }
};
