import * as fc from 'fast-check';
import { generatedCase } from './agreement/cases.ts';
import { judge, newTally } from './agreement/judge.ts';

// `npm run agreement -w packages/local-kms` does the same with as many cases as one has the time for.
test('what the access map says of generated apps, the local KMS does', async () => {
  const tally = newTally();
  await fc.assert(
    fc.asyncProperty(generatedCase, (one) => judge(one, tally)),
    { seed: 20_240, numRuns: 24 },
  );
  // Some of each, or the test says little.
  for (const kind of ['never', 'always', 'met', 'unmet'] as const) {
    expect(tally[kind]).toBeGreaterThan(5);
  }
  for (const kind of ['byGrant', 'inSession', 'throughEndpoint', 'viaService', 'byService'] as const) {
    expect(tally[kind]).toBeGreaterThan(0);
  }
}, 120_000);
