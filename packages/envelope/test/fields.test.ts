import { fields } from '../src/fields/fields.ts';
import type { Sealed } from '../src/fields/types.ts';
import { type Envelope, type EnvelopeError, envelope } from '../src/index.ts';
import { localKms, operations, type TestKms } from './kms.ts';
import { KEY } from './settings.ts';

function box(kms: TestKms = localKms()): Envelope {
  const declared = { direction: 'both', wrapKeys: [KEY], unwrapKeys: [KEY], requiredContext: [], kms } as const;
  return envelope(undefined, { ...declared, context: { service: 'users' } });
}

interface User {
  readonly id: string;
  readonly name: string;
  readonly ssn: string;
  readonly born: Date;
  readonly address: { readonly city: string; readonly street: string };
  readonly cards: readonly { readonly brand: string; readonly number: string }[];
  readonly 'e.mail': string;
  readonly nickname?: string;
}

const USER: User = {
  id: 'u-1',
  name: 'Ada',
  ssn: '078-05-1120',
  born: new Date('1990-02-03T04:05:06.789Z'),
  address: { city: 'London', street: 'Dorset Street' },
  cards: [
    { brand: 'one', number: '4111' },
    { brand: 'two', number: '4222' },
  ],
  'e.mail': 'ada@example.com',
};

const CONTEXT = { tenant: 'a' };
const pii = fields<User>({ identity: ['id'] })(
  'ssn',
  'born',
  'address.street',
  'cards[*].number',
  '"e.mail"',
  'nickname?',
);

async function refusal(work: () => Promise<unknown>): Promise<EnvelopeError> {
  return work().then(
    () => Promise.reject(new Error('nothing was refused')),
    (error: EnvelopeError) => error,
  );
}

describe('sealed fields', () => {
  test('leave the record, its shape stays readable, and come back as they were', async () => {
    const kms = localKms();
    const sealed = await pii.seal(box(kms), USER, CONTEXT);
    expect(sealed).toEqual({
      id: 'u-1',
      name: 'Ada',
      address: { city: 'London' },
      cards: [{ brand: 'one' }, { brand: 'two' }],
      $sealed: expect.stringMatching(/^AgR4/),
    });
    const stored = JSON.parse(JSON.stringify(sealed)) as typeof sealed;
    expect(await pii.open(box(kms), stored, CONTEXT)).toEqual(USER);
  });

  test('are never in the memory that Node shares among its small buffers', async () => {
    const pool = () => Buffer.from(Buffer.from('x').buffer);
    const real = box(localKms());
    const marker = Buffer.from('where-does-this-go');
    const inPool: boolean[] = [];
    const looking: Pick<typeof real, 'encrypt'> = {
      encrypt: (...given) => {
        inPool.push(pool().includes('text-of-a-field'));
        return real.encrypt(...given);
      },
    };
    const secrets = fields<{ id: string; text: string; bytes: Uint8Array }>({ identity: ['id'] })('text', 'bytes');
    const bytes = Uint8Array.from(marker);
    marker.fill(0);
    const sealed = await secrets.seal(looking, { id: '1', text: 'text-of-a-field', bytes }, CONTEXT);
    const opened = await secrets.open(real, sealed, CONTEXT);
    expect(opened.bytes).toEqual(bytes);
    const kept = Buffer.alloc(bytes.length);
    kept.set(bytes);
    inPool.push(pool().includes(kept));
    expect(inPool).toEqual([false, false]);
  });

  test('take one KMS call to seal and one to open, and none more for records under the same context', async () => {
    const kms = localKms();
    const writer = box(kms);
    const users = Array.from({ length: 10 }, (_, index) => ({ ...USER, id: `u-${index}` }));
    const sealed = await Promise.all(users.map((user) => pii.seal(writer, user, CONTEXT)));
    expect(operations(kms)).toEqual(['GenerateDataKey']);
    const reader = box(kms);
    expect(await Promise.all(sealed.map((record) => pii.open(reader, record, CONTEXT)))).toEqual(users);
    expect(operations(kms)).toEqual(['GenerateDataKey', 'Decrypt']);
  });

  test('are gone from the type', async () => {
    const sealed = await pii.seal(box(), USER, CONTEXT);
    // @ts-expect-error a sealed field
    expect(sealed.ssn).toBeUndefined();
    // @ts-expect-error a sealed field of an object in the record
    expect(sealed.address.street).toBeUndefined();
    // @ts-expect-error a sealed field of the elements of a list
    expect(sealed.cards[0]?.number).toBeUndefined();
    // @ts-expect-error a sealed field whose key has a dot
    expect(sealed['e.mail']).toBeUndefined();
    // @ts-expect-error a sealed field that may be absent
    expect(sealed.nickname).toBeUndefined();
    const clear: { id: string; city: string; brands: (string | undefined)[] } = {
      id: sealed.id,
      city: sealed.address.city,
      brands: sealed.cards.map((card) => card.brand),
    };
    expect(clear).toEqual({ id: 'u-1', city: 'London', brands: ['one', 'two'] });
    const list: Sealed<{ tags: string[] }, 'tags[*]'>['tags'] = [null];
    expect(list).toEqual([null]);
  });

  test('have paths that the compiler checks', () => {
    const misspelt = [
      // @ts-expect-error no such field
      () => fields<User>()('snn'),
      // @ts-expect-error no such field in the object
      () => fields<User>()('address.stret'),
      // @ts-expect-error a key with a dot needs quotes
      () => fields<User>()('e.mail'),
      // @ts-expect-error text has no elements
      () => fields<User>()('name[*]'),
    ];
    expect(misspelt).toHaveLength(4);
  });

  test('leave the record that was given as it was, frozen or not', async () => {
    const frozen = Object.freeze({
      id: '1',
      deep: Object.freeze({ list: Object.freeze([Object.freeze({ a: 1, b: 2 })]) }),
    });
    const some = fields<{ id: string; deep: { list: readonly { a: number; b: number }[] } }>({ identity: ['id'] })(
      'deep.list[0].a',
    );
    const kms = localKms();
    const sealed = Object.freeze(await some.seal(box(kms), frozen, CONTEXT));
    expect(sealed.deep).toEqual({ list: [{ b: 2 }] });
    expect(await some.open(box(kms), sealed, CONTEXT)).toEqual(frozen);
    expect(sealed.deep).toEqual({ list: [{ b: 2 }] });
  });

  test('that are elements of a list leave null behind, so that the others keep their index', async () => {
    const kms = localKms();
    const some = fields<{ id: string; tags: string[]; grid: number[][] }>({ identity: ['id'] })(
      'tags[1]',
      'grid[*][*]',
    );
    const record = { id: '1', tags: ['a', 'b', 'c'], grid: [[1, 2], [], [3]] };
    const sealed = await some.seal(box(kms), record, CONTEXT);
    expect(sealed).toMatchObject({ tags: ['a', null, 'c'], grid: [[null, null], [], [null]] });
    expect(await some.open(box(kms), sealed, CONTEXT)).toEqual(record);
  });

  test('may be called __proto__, on the way, at its end and within', async () => {
    const record = JSON.parse('{"id":"1","__proto__":{"__proto__":{"__proto__":7},"clear":1}}');
    const some = fields<Record<string, unknown>>({ identity: ['id' as never] })('__proto__.__proto__' as never);
    const kms = localKms();
    const sealed = await some.seal(box(kms), record, CONTEXT);
    expect(JSON.stringify({ ...sealed, $sealed: '' })).toBe('{"id":"1","__proto__":{"clear":1},"$sealed":""}');
    const opened = await some.open(box(kms), sealed, CONTEXT);
    const within = Object.getOwnPropertyDescriptor(opened, '__proto__')?.value;
    expect(Object.getOwnPropertyDescriptor(within, '__proto__')?.value).toEqual(JSON.parse('{"__proto__":7}'));
    expect(Object.getPrototypeOf(opened)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['clear']).toBeUndefined();
  });
});

describe('a field that is not there', () => {
  const without = (change: object) => ({ ...USER, ...change }) as unknown as User;
  const { ssn: _ssn, ...noSsn } = USER;
  test.each<[string, User, string, string]>([
    ['absent', noSsn as User, 'FIELD_MISSING', 'ssn is not in the record'],
    ['inherited', Object.assign(Object.create(null), noSsn), 'FIELD_MISSING', 'ssn is not'],
    ['in an object that is null', without({ address: null }), 'FIELD_MISSING', 'address.street is not'],
    ['in one element only', without({ cards: [{ number: '1' }, {}] }), 'FIELD_MISSING', 'cards[1].number is not'],
    ['in an object that is text', without({ address: 'x' }), 'FIELD_INVALID', 'address is not an object'],
    ['in a list that is an object', without({ cards: {} }), 'FIELD_INVALID', 'cards is not a list'],
    ['in a map', without({ address: new Map([['street', 1]]) }), 'FIELD_INVALID', 'address is not an object'],
    ['in no record', null as unknown as User, 'INVALID_INPUT', 'not a plain object'],
  ])('because it is %s is refused before KMS is called', async (_case, record, code, text) => {
    const kms = localKms();
    const error = await refusal(() => pii.seal(box(kms), record, CONTEXT));
    expect(error).toMatchObject({ code, message: expect.stringContaining(text) });
    expect(kms.calls).toEqual([]);
  });

  test('may be absent where its path ends in a question mark, and is sealed where it is there', async () => {
    const kms = localKms();
    const named = { ...USER, nickname: 'Countess' };
    const sealed = await pii.seal(box(kms), named, CONTEXT);
    expect(sealed).not.toHaveProperty('nickname');
    expect(await pii.open(box(kms), sealed, CONTEXT)).toEqual(named);
    expect(await pii.open(box(kms), await pii.seal(box(kms), USER, CONTEXT), CONTEXT)).not.toHaveProperty('nickname');
  });
});

describe('the message of a record', () => {
  const kms = localKms();
  const seal = (user: User = USER) => pii.seal(box(kms), user, CONTEXT);
  type SealedUser = Awaited<ReturnType<typeof seal>>;

  test.each<[string, (sealed: SealedUser) => unknown, string, string]>([
    ['another identity', (sealed) => ({ ...sealed, id: 'u-2' }), 'RECORD_MISMATCH', 'its id differs'],
    ['a sealed field in clear', (sealed) => ({ ...sealed, ssn: 'x' }), 'RECORD_MISMATCH', 'ssn is there in clear'],
    [
      'an optional field in clear',
      (sealed) => ({ ...sealed, nickname: 'x' }),
      'RECORD_MISMATCH',
      'nickname is there in clear',
    ],
    [
      'no place for a field',
      (sealed) => ({ ...sealed, address: null }),
      'RECORD_MISMATCH',
      'address.street has no place',
    ],
    [
      'an element less',
      (sealed) => ({ ...sealed, cards: sealed.cards.slice(1) }),
      'RECORD_MISMATCH',
      'cards[1].number has no place',
    ],
    [
      'an element more',
      (sealed) => ({ ...sealed, cards: [...sealed.cards, { brand: 'x' }] }),
      'RECORD_MISMATCH',
      'cards[*].number',
    ],
    ['no message', ({ $sealed: _, ...rest }) => rest, 'INVALID_INPUT', '$sealed'],
    ['bytes for text', (sealed) => ({ ...sealed, $sealed: Buffer.from(sealed.$sealed) }), 'INVALID_INPUT', '$sealed'],
  ])('does not open in a record with %s', async (_case, change, code, text) => {
    const changed = change(await seal()) as SealedUser;
    const error = await refusal(() => pii.open(box(kms), changed, CONTEXT));
    expect(error).toMatchObject({ code, message: expect.stringContaining(text) });
    expect(error.message).not.toContain(USER.ssn);
  });

  test('cannot be exchanged for that of another record under the same context', async () => {
    const [first, second] = [await seal(), await seal({ ...USER, id: 'u-2', ssn: 'other' })];
    const swapped = { ...first, $sealed: second.$sealed };
    await expect(pii.open(box(kms), swapped, CONTEXT)).rejects.toMatchObject({ code: 'RECORD_MISMATCH' });
  });

  test('opens after what stayed in clear has changed', async () => {
    const sealed = { ...(await seal()), name: 'Augusta' };
    expect(await pii.open(box(kms), sealed, CONTEXT)).toEqual({ ...USER, name: 'Augusta' });
  });

  test('opens under its own paths only, and KMS is not called for others', async () => {
    interface Two {
      readonly id: string;
      readonly public: string;
      readonly secret: string;
    }
    const [a, b] = [fields<Two>({ identity: ['id'] })('public'), fields<Two>({ identity: ['id'] })('secret')];
    const sealed = await a.seal(box(kms), { id: '1', public: 'p', secret: 's' }, CONTEXT);
    kms.calls.length = 0;
    const { secret: _, ...moved } = sealed;
    const opening = b.open(box(kms), moved as never, CONTEXT);
    await expect(opening).rejects.toMatchObject({
      code: 'CONTEXT_MISMATCH',
      message: expect.stringContaining('keysmith-fields'),
    });
    expect(kms.calls).toEqual([]);
  });

  test('opens under the same paths in another order, or with another one that may be absent', async () => {
    interface Two {
      readonly id: string;
      readonly a: string;
      readonly b: string;
    }
    const sealed = await fields<Two>()('a', 'b').seal(box(kms), { id: '1', a: '1', b: '2' }, { id: '1' });
    expect(await fields<Two>()('b?', 'a').open(box(kms), sealed, { id: '1' })).toEqual({ id: '1', a: '1', b: '2' });
  });

  test('is not made of what is merely a message under the same context', async () => {
    const payload = JSON.stringify({ version: 1, identity: [], fields: [['ssn', 'forged']] });
    const message = Buffer.from(await box(kms).encrypt(payload, { id: '1' })).toString('base64');
    const opening = fields<{ id: string; ssn: string }>()('ssn').open(
      box(kms),
      { id: '1', $sealed: message },
      { id: '1' },
    );
    await expect(opening).rejects.toMatchObject({ code: 'CONTEXT_MISMATCH' });
  });

  test('is bound to the context, which has to name the record where no identity is declared', async () => {
    const one = fields<{ id: string; ssn: string }>()('ssn');
    const sealed = await one.seal(box(kms), { id: '1', ssn: 's' }, { user: '1' });
    expect(await one.open(box(kms), sealed, { user: '1' })).toEqual({ id: '1', ssn: 's' });
    await expect(one.open(box(kms), sealed, { user: '2' })).rejects.toMatchObject({ code: 'CONTEXT_MISMATCH' });
    await expect(one.seal(box(kms), { id: '1', ssn: 's' }, {})).rejects.toMatchObject({ code: 'CONTEXT_REQUIRED' });
  });

  test.each<[string, unknown, string]>([
    ['the name that sealed fields set', { 'keysmith-fields': 'x' }, 'CONTEXT_INVALID'],
    ['nothing', undefined, 'CONTEXT_INVALID'],
    ['a map', new Map(), 'CONTEXT_INVALID'],
  ])('is refused a context that is or holds %s', async (_case, context, code) => {
    await expect(pii.seal(box(kms), USER, context as never)).rejects.toMatchObject({ code });
  });

  test('is not sealed a second time', async () => {
    const twice = { ...USER, $sealed: (await seal()).$sealed };
    const error = await refusal(() => pii.seal(box(kms), twice, CONTEXT));
    expect(error).toMatchObject({ code: 'FIELD_INVALID', message: expect.stringContaining('open it before') });
  });
});

describe('a declaration of fields', () => {
  test.each<[string, string[], string[], string]>([
    ['nothing', [], [], 'there is no path'],
    ['an empty path', [''], [], '"" is not a path'],
    ['a path that begins with a dot', ['.a'], [], 'is not a path'],
    ['a path that begins with an index', ['[0].a'], [], 'is not a path'],
    ['a path with a missing bracket', ['a[0'], [], 'is not a path'],
    ['a path with a negative index', ['a[-1]'], [], 'is not a path'],
    ['a path with a missing quote', ['a."b'], [], 'is not a path'],
    ['a path with two dots', ['a..b'], [], 'is not a path'],
    ['a path of 33 steps', [Array(33).fill('a').join('.')], [], 'is not a path'],
    ['the same path twice', ['a', '"a"'], [], 'overlap'],
    ['a path within another', ['a.b', 'a'], [], '"a.b" and "a" overlap'],
    ['an index and every element', ['a[*].b', 'a[3].b'], [], 'overlap'],
    ['its identity', ['a'], ['a.id'], 'overlap'],
    ['an identity that may be absent', ['a'], ['id?'], 'identity: "id?"'],
    ['an identity of many', ['a'], ['ids[*]'], 'identity: "ids[*]"'],
    ['the place of the message', ['$sealed.x'], [], '$sealed is where the message is'],
  ])('with %s is refused', (_case, paths, identity, text) => {
    const declare = () => fields<Record<string, never>>({ identity: identity as never })(...(paths as never[]));
    expect(declare).toThrow(expect.objectContaining({ code: 'CONFIG', message: expect.stringContaining(text) }));
  });

  test('has an identity of scalars', async () => {
    const one = fields<{ id: unknown; a: number }>({ identity: ['id'] })('a');
    for (const id of [null, undefined, {}, ['x']]) {
      await expect(one.seal(box(), { id, a: 1 }, CONTEXT)).rejects.toMatchObject({ code: 'FIELD_INVALID' });
    }
  });
});
