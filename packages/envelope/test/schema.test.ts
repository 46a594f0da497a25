import { type Envelope, envelope, type StandardSchema, validatedBy } from '../src/index.ts';
import { localKms } from './kms.ts';
import { KEY } from './settings.ts';

const kms = localKms();

function box(): Envelope {
  const declared = { direction: 'both', wrapKeys: [KEY], unwrapKeys: [KEY], requiredContext: [], kms } as const;
  return envelope(undefined, { ...declared, context: {} });
}

type Validate<T> = StandardSchema<T>['~standard']['validate'];

function schema<T>(validate: Validate<T>): StandardSchema<T> {
  return { '~standard': { version: 1, vendor: 'test', validate } };
}

/** Makes a number of the member `total`, as validators that transform do. */
const total = schema<number>((value) => {
  const found = (value as { total?: unknown } | null)?.total;
  return typeof found === 'number' ? { value: found } : { issues: [{ message: `got ${found}`, path: ['total'] }] };
});

async function decrypted<T>(plaintext: string | Uint8Array, validator: StandardSchema<T>): Promise<T> {
  return box().decrypt(await box().encrypt(plaintext, {}), {}, validatedBy(validator));
}

describe('a message decrypted through a validator', () => {
  test('is what the validator makes of its JSON, with the type that it has there', async () => {
    const result: number = await decrypted('{"total":12}', total);
    expect(result).toBe(12);
  });

  test('is awaited when the validator takes its time, or is a function', async () => {
    const later = schema<string>(async (value) => ({ value: String(value) }));
    expect(await decrypted('7', later)).toBe('7');
    const callable = Object.assign(() => undefined, total);
    expect(await decrypted('{"total":1}', callable)).toBe(1);
  });

  test('that the validator refuses is an error that names paths, and no values', async () => {
    const error = await decrypted('{"total":"secret-value"}', total).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'PLAINTEXT_INVALID',
      retryable: false,
      message: expect.stringMatching(/at "\/total" \(issues: 1\)$/),
    });
    expect(error).not.toHaveProperty('cause');
    expect(String(error)).not.toContain('secret-value');
  });

  test.each<[string, readonly (PropertyKey | { key: PropertyKey })[] | undefined, string]>([
    ['no path', undefined, '""'],
    ['an empty path', [], '""'],
    ['keys and indexes', ['cards', 0, 'number'], '"/cards/0/number"'],
    ['segments', [{ key: 'cards' }, { key: 1 }], '"/cards/1"'],
    ['a key with a dot', ['a', 'b.c'], '"/a/b.c"'],
    ['keys of what a pointer is made of', ['a/b', '~1'], '"/a~1b/~01"'],
    ['a symbol', [Symbol('tag')], '"/Symbol(tag)"'],
    ['a very long key', ['k'.repeat(100)], `"/${'k'.repeat(63)}…"`],
  ])('with an issue of %s is refused at that', async (_case, path, text) => {
    const failing = schema(() => ({ issues: [path === undefined ? { message: '' } : { message: '', path }] }));
    await expect(decrypted('1', failing)).rejects.toMatchObject({
      message: expect.stringContaining(`refuses it at ${text} (issues: 1)`),
    });
  });

  test('with a thousand issues names ten of them', async () => {
    const issues = Array.from({ length: 1_000 }, (_, index) => ({ message: '', path: [index] }));
    const error = await decrypted(
      '1',
      schema(() => ({ issues })),
    ).catch(String);
    expect(error).toContain('"/9" (issues: 1000)');
    expect(error).not.toContain('"/10"');
  });

  test('by a validator that throws is an error that does not repeat what it threw', async () => {
    const throwing = schema((value) => {
      throw new Error(`cannot read ${value}`);
    });
    const error = await decrypted('"secret-value"', throwing).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'PLAINTEXT_INVALID' });
    expect(error).not.toHaveProperty('cause');
    expect(String(error)).not.toContain('secret-value');
  });

  test('has to be JSON before the validator sees it', async () => {
    await expect(decrypted('secret', total)).rejects.toMatchObject({ code: 'PLAINTEXT_FORMAT' });
    await expect(decrypted(Uint8Array.of(0xff), total)).rejects.toMatchObject({ code: 'PLAINTEXT_FORMAT' });
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['an object', {}],
    ['another version', { '~standard': { version: 2, vendor: 'x', validate: () => ({ value: 1 }) } }],
    ['one without validate', { '~standard': { version: 1, vendor: 'x' } }],
  ])('is refused at once when the validator is %s', (_case, given) => {
    const refused = expect.objectContaining({ code: 'INVALID_INPUT' });
    expect(() => validatedBy(given as StandardSchema<unknown>)).toThrow(refused);
  });

  test('needs validatedBy: a validator by itself is no format, whatever kind of function it is', async () => {
    const message = await box().encrypt('1', {});
    kms.calls.length = 0;
    for (const given of [total, Object.assign(() => undefined, total)]) {
      await expect(box().decrypt(message, {}, given as never)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringContaining('validatedBy'),
      });
    }
    expect(kms.calls).toEqual([]);
  });
});
