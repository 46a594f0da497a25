import fc from 'fast-check';
import { fields } from '../src/fields/fields.ts';
import { type Envelope, type EnvelopeError, envelope } from '../src/index.ts';
import { localKms, type TestKms } from './kms.ts';
import { KEY } from './settings.ts';

function box(kms: TestKms = localKms()): Envelope {
  const declared = { direction: 'both', wrapKeys: [KEY], unwrapKeys: [KEY], requiredContext: [], kms } as const;
  return envelope(undefined, { ...declared, context: { service: 'users' } });
}

const CONTEXT = { tenant: 'a' };

async function refusal(work: () => Promise<unknown>): Promise<EnvelopeError> {
  return work().then(
    () => Promise.reject(new Error('nothing was refused')),
    (error: EnvelopeError) => error,
  );
}

/** Seals one value of any kind and opens it elsewhere. */
async function roundTrip(value: unknown): Promise<unknown> {
  const kms = localKms();
  const one = fields<{ id: string; value: unknown }>({ identity: ['id'] })('value');
  const sealed = await one.seal(box(kms), { id: '1', value }, CONTEXT);
  return (await one.open(box(kms), JSON.parse(JSON.stringify(sealed)), CONTEXT)).value;
}

describe('a sealed value', () => {
  test.each<[string, unknown]>([
    ['text with any character', 'a\u0000\u{1F600} \uD800'],
    ['zero', 0],
    ['minus zero', -0],
    ['the smallest number', 5e-324],
    ['a bigint', -(2n ** 70n)],
    ['true', true],
    ['null', null],
    ['undefined', undefined],
    ['a date before 1970', new Date(-1)],
    ['no bytes', new Uint8Array(0)],
    ['bytes', Uint8Array.of(0, 127, 255)],
    ['an empty list and object', [[], {}]],
    ['lists that look like tags', [['d', 1], ['n', '1'], ['u'], 'l']],
    [
      'all of them within each other',
      { a: [1n, { b: new Date(0), c: [undefined, null, -0] }], 'x.y': Uint8Array.of(1) },
    ],
  ])('comes back as it was: %s', async (_kind, value) => {
    expect(await roundTrip(value)).toStrictEqual(value);
  });

  test('of any shape comes back as it was, out of a record that is read back from JSON', async () => {
    const kms = localKms();
    const [writer, reader] = [box(kms), box(kms)];
    const one = fields<{ id: string; list: unknown[]; clear?: unknown }>({ identity: ['id'] })('list[*]');
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.string({ unit: 'binary' }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.bigInt(),
        fc.boolean(),
        fc.constantFrom(null, undefined),
        fc.date({ noInvalidDate: true }),
        fc.uint8Array(),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'toJSON', '0')), tie('value'), {
          maxKeys: 4,
          noNullPrototype: true,
        }),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.array(value, { maxLength: 5 }), async (id, list) => {
        const sealed = await one.seal(writer, { id, list }, CONTEXT);
        const stored = JSON.parse(JSON.stringify(sealed));
        expect(stored.list).toEqual(list.map(() => null));
        expect((await one.open(reader, stored, CONTEXT)).list).toStrictEqual(list);
      }),
      { numRuns: 100 },
    );
    expect(kms.calls).toHaveLength(2);
  });

  test('of a Buffer comes back as the same bytes', async () => {
    const opened = await roundTrip(Buffer.from('pooled'));
    expect(Buffer.isBuffer(opened)).toBe(false);
    expect(Buffer.from(opened as Uint8Array).toString()).toBe('pooled');
  });

  const cycle: unknown[] = [];
  cycle.push(cycle);
  test.each<[string, unknown, string]>([
    ['NaN', { a: [1, Number.NaN] }, 'value.a[1] is not a finite number'],
    ['infinity', Number.POSITIVE_INFINITY, 'value is not a finite number'],
    ['a map', new Map([['secret', 1]]), 'value is of type Map'],
    ['a set', { 'a.b': new Set() }, 'value."a.b" is of type Set'],
    ['a function', () => 'secret', 'value is a function'],
    ['a symbol', Symbol('secret'), 'value is a symbol'],
    ['a symbol as key', { [Symbol('secret')]: 1 }, 'value has a symbol among its keys'],
    ['a date that is none', new Date(Number.NaN), 'value is a Date that is not valid'],
    ['an instance of a class', new (class Secret {})(), 'value is an instance of a class'],
    ['numbers of 16 bits', new Uint16Array(1), 'value is of type Uint16Array'],
    ['a promise', Promise.resolve('secret'), 'value is of type Promise'],
    ['a boxed number', Object(1), 'value is of type Number'],
    // biome-ignore lint/suspicious/noSparseArray: the hole is what is tested
    ['a hole', [1, , 2], 'value[1] is a hole'],
    ['a cycle', cycle, 'contains itself'],
  ])('is refused with its path before KMS is called: %s', async (_kind, value, text) => {
    const kms = localKms();
    const one = fields<{ id: string; value: unknown }>({ identity: ['id'] })('value');
    const error = await refusal(() => one.seal(box(kms), { id: '1', value }, CONTEXT));
    expect(error).toMatchObject({ code: 'FIELD_INVALID', message: expect.stringContaining(text) });
    expect(error.message).not.toMatch(/secret/i);
    expect(kms.calls).toEqual([]);
  });
});
