/**
 * The seed and the number of runs of a property: always the same, so that a build fails only for what was changed.
 * `npm run properties -w packages/access` sets `KEYSMITH_SEED` to one seed after another, and `KEYSMITH_RUNS` to as many
 * runs as one has the time for.
 */
export function runs(numRuns: number): { readonly seed: number; readonly numRuns: number } {
  const { KEYSMITH_SEED, KEYSMITH_RUNS } = process.env;
  return { seed: Number(KEYSMITH_SEED ?? 20_261_128), numRuns: Number(KEYSMITH_RUNS ?? numRuns) };
}
