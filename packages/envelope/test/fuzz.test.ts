import { fuzz } from './fuzz/fuzz.ts';

/* The short form of `npm run fuzz -w packages/envelope`, which does a million. */

test('5,000 mutated messages of all suites are refused with an EnvelopeError, or open to what was sealed', async () => {
  const { refused, harmless } = await fuzz(20261124, 5_000);
  const count = [...refused.values()].reduce((sum, one) => sum + one, 0);
  expect(count + harmless).toBe(5_000);
  // The mutations reach every layer: framing, header, keys and content.
  expect([...refused.keys()]).toEqual(expect.arrayContaining(['NOT_A_MESSAGE', 'NOT_AUTHENTIC', 'LIMIT']));
  expect(count).toBeGreaterThan(4_500);
});
