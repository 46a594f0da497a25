import { fuzz } from './fuzz/fuzz.ts';

// `npm run fuzz -w packages/local-kms` does the same with as many requests as one has the time for.
test('no request gets another answer than those of KMS, and the server goes on', async () => {
  const { answers } = await fuzz(20_261, 400);
  // Some of each, or the requests end before they get anywhere.
  for (const kind of ['200', 'ValidationException', 'SerializationException', 'NotFoundException', '404']) {
    expect(answers.get(kind) ?? 0).toBeGreaterThan(0);
  }
});
