import { openEnvelope } from '../src/envelope.ts';
import { type Decryptor, type KmsClient, signedMessages } from '../src/index.ts';
import { settingsOf } from '../src/options.ts';
import { inspect } from '../src/rotation/inspect.ts';
import { migrationReader, type OlderKind } from '../src/rotation/migration.ts';
import { reencrypt } from '../src/rotation/reencrypt.ts';
import { reencryptMany } from '../src/rotation/reencrypt-many.ts';
import { within } from '../src/within.ts';
import { localKms, operations, until } from './kms.ts';
import { box, CONTEXT, NON_COMMITTING, officialMessage, SIGNED } from './old-and-new.ts';
import { EVERYTHING, KEY, OTHER_KEY } from './settings.ts';

describe('re-encryption', () => {
  const kms = localKms();
  const [from, to] = [box(kms), box(kms, OTHER_KEY)];

  test('makes a new message under the new key, with everything that the old one was bound to', async () => {
    const old = await from.encrypt('secret', { tenant: 'a', purpose: 'p' });
    const before = Uint8Array.from(old);
    const fresh = await reencrypt(old, { from, to, context: CONTEXT });
    expect(old).toEqual(before);
    expect(inspect(fresh).wrappedBy).toEqual([{ providerId: 'aws-kms', keyArn: OTHER_KEY }]);
    expect({ ...inspect(fresh).context }).toEqual({ tenant: 'a', purpose: 'p' });
    expect(await to.decrypt(fresh, { tenant: 'a', purpose: 'p' }, 'text')).toBe('secret');
  });

  test('never reuses the message id, not even under the same key', async () => {
    const old = await from.encrypt('secret', CONTEXT);
    const fresh = await reencrypt(old, { from, to: from, context: CONTEXT });
    expect(Buffer.from(fresh.subarray(3, 35)).equals(old.subarray(3, 35))).toBe(false);
    const { headerLength } = inspect(old);
    expect(Buffer.from(fresh.subarray(headerLength)).equals(old.subarray(headerLength))).toBe(false);
  });

  test('binds the new message to another context when one is given', async () => {
    const fresh = await reencrypt(await from.encrypt('x', CONTEXT), {
      from,
      to,
      context: CONTEXT,
      newContext: { t: '1' },
    });
    expect({ ...inspect(fresh).context }).toEqual({ t: '1' });
  });

  test('drops what belonged to a signature', async () => {
    const signed = box(kms, KEY, { reads: [signedMessages] });
    const fresh = await reencrypt(await officialMessage(kms, SIGNED), { from: signed, to, context: CONTEXT });
    expect(await to.decrypt(fresh, CONTEXT, 'text')).toBe('before');
    expect({ ...inspect(fresh).context }).toEqual(CONTEXT);
  });

  test('wipes the plaintext, whether it succeeds or not', async () => {
    const seen: Uint8Array[] = [];
    const watching: Pick<Decryptor, 'decrypt'> = {
      decrypt: (async (message: Uint8Array, context: Record<string, string>) => {
        const plaintext = await from.decrypt(message, context);
        seen.push(plaintext);
        return plaintext;
      }) as Decryptor['decrypt'],
    };
    const old = await from.encrypt('secret', CONTEXT);
    await reencrypt(old, { from: watching, to, context: CONTEXT });
    const failing = reencrypt(old, { from: watching, to, context: CONTEXT, newContext: { t: '' } });
    await expect(failing).rejects.toMatchObject({ code: 'CONTEXT_INVALID' });
    expect(seen).toEqual([new Uint8Array(6), new Uint8Array(6)]);
  });

  test('of a message of another context is refused', async () => {
    const old = await from.encrypt('secret', CONTEXT);
    const other = reencrypt(old, { from, to, context: { tenant: 'b' } });
    await expect(other).rejects.toMatchObject({ code: 'CONTEXT_MISMATCH' });
  });
});

describe('re-encryption of many', () => {
  interface Item {
    readonly id: number;
    readonly message: Uint8Array;
  }

  async function table(count: number) {
    const kms = localKms();
    const [from, to] = [box(kms), box(kms, OTHER_KEY)];
    const items: Item[] = await Promise.all(
      Array.from({ length: count }, async (_, id) => ({ id, message: await from.encrypt(`${id}`, CONTEXT) })),
    );
    const read: number[] = [];
    async function* source(after = -1): AsyncGenerator<Item> {
      for (const item of items) {
        if (item.id <= after) continue;
        read.push(item.id);
        yield item;
      }
    }
    const options = {
      from,
      to,
      pick: ({ message }: Item) => ({ message, context: CONTEXT }),
      cursor: ({ id }: Item) => id,
      policy: { keys: [OTHER_KEY] },
    };
    return { kms, from, to, items, read, source, options };
  }

  test('comes in the order of the source, with progress, and leaves alone what is current', async () => {
    const { kms, to, items, source, options } = await table(50);
    for (const id of [3, 4]) items[id] = { id, message: await to.encrypt('current', CONTEXT) };
    kms.calls.length = 0;
    const steps = [];
    for await (const step of reencryptMany(source, options)) {
      if (step.outcome === 'reencrypted') items[step.cursor] = { id: step.cursor, message: step.message };
      steps.push(step);
    }
    expect(steps.map(({ cursor }) => cursor)).toEqual([...Array(50).keys()]);
    expect(steps.filter(({ outcome }) => outcome === 'current').map(({ cursor }) => cursor)).toEqual([3, 4]);
    expect(steps.at(-1)?.progress).toEqual({ done: 50, reencrypted: 48, current: 2, failed: 0 });
    // One data key was unwrapped; the one to wrap with was in the cache already.
    expect(operations(kms)).toEqual(['Decrypt']);
    expect(await to.decrypt(items[49]?.message ?? '', CONTEXT, 'text')).toBe('49');
  });

  test('can be interrupted and begun again after the last cursor, without a record lost or done twice', async () => {
    const { items, read, source, options } = await table(40);
    const written: number[] = [];
    let last: number | undefined;
    for await (const step of reencryptMany(source, { ...options, concurrency: 4 })) {
      if (step.outcome !== 'reencrypted') throw new Error('everything is stale here');
      items[step.cursor] = { id: step.cursor, message: step.message };
      written.push(step.cursor);
      last = step.cursor;
      if (written.length === 17) break;
    }
    expect(read.length).toBeLessThanOrEqual(17 + 4);
    read.length = 0;
    if (last === undefined) throw new Error('nothing was done');
    for await (const step of reencryptMany(source, { ...options, after: last })) {
      if (step.outcome === 'reencrypted') written.push(step.cursor);
    }
    expect(read[0]).toBe(17);
    expect(written).toEqual([...Array(40).keys()]);
  });

  test('goes on after a record that fails, and says what failed', async () => {
    const { items, source, options } = await table(5);
    items[1] = { id: 1, message: Uint8Array.of(1, 2, 3) };
    items[2] = { id: 2, message: (items[2]?.message ?? new Uint8Array(0)).slice(0, -1) };
    const pick = (item: Item) => {
      if (item.id === 3) throw new TypeError('no message');
      return options.pick(item);
    };
    const outcomes = [];
    for await (const step of reencryptMany(source, { ...options, pick })) {
      outcomes.push(step.outcome === 'failed' ? step.error.code : step.outcome);
    }
    expect(outcomes).toEqual(['reencrypted', 'NOT_A_MESSAGE', 'NOT_AUTHENTIC', 'INVALID_INPUT', 'reencrypted']);
  });

  test('re-encrypts what cannot be decided, and what the caller knows to be old', async () => {
    const { source, options } = await table(4);
    const policy = { maxAge: 60 };
    const written = [new Date(), new Date(0), undefined, new Date()];
    const pick = (item: Item) => {
      const writtenAt = written[item.id];
      return { ...options.pick(item), facts: writtenAt === undefined ? {} : { writtenAt } };
    };
    const outcomes = [];
    for await (const { outcome } of reencryptMany(source, { ...options, pick, policy })) outcomes.push(outcome);
    expect(outcomes).toEqual(['current', 'reencrypted', 'reencrypted', 'current']);
  });

  test('ends with what the source throws, and refuses a concurrency out of range', async () => {
    const { options } = await table(1);
    const broken = () => {
      throw new RangeError('the table is gone');
    };
    await expect(reencryptMany(broken, options).next()).rejects.toBeInstanceOf(RangeError);
    await expect(reencryptMany(() => [], { ...options, concurrency: 0 }).next()).rejects.toMatchObject({
      code: 'CONFIG',
    });
    expect(await reencryptMany(() => [], options).next()).toEqual({
      done: true,
      value: { done: 0, reencrypted: 0, current: 0, failed: 0 },
    });
  });
});

describe('a migration reader', () => {
  const kms = localKms();
  const current = box(kms, OTHER_KEY, { unwrapKeys: [OTHER_KEY, KEY] });
  const declared = { direction: 'decrypt', unwrapKeys: [KEY], context: {}, requiredContext: [], kms } as const;
  const older = openEnvelope({ ...settingsOf(undefined, declared), formats: EVERYTHING });
  const [future, past] = [new Date(Date.now() + 3_600_000), new Date(Date.now() - 1)];
  const kmsCiphertext = {
    keys: [OTHER_KEY, KEY],
    context: ({ tenant }: { tenant?: string }) => ({ t: `${tenant}` }),
    kms,
  };

  /** What applications stored that called KMS's Encrypt by themselves. */
  async function raw(plaintext = 'by KMS'): Promise<Uint8Array> {
    const request = { KeyId: KEY, Plaintext: Buffer.from(plaintext), EncryptionContext: { t: 'a' } };
    return (await kms.encrypt(request)).CiphertextBlob ?? new Uint8Array(0);
  }

  test('reads all kinds until the date, and says which older ones it read', async () => {
    const seen: OlderKind[] = [];
    const reader = migrationReader({
      current,
      until: future,
      older,
      kmsCiphertext,
      onOlder: (kind) => seen.push(kind),
    });
    expect(await reader.decrypt(await current.encrypt('today', CONTEXT), CONTEXT, 'text')).toBe('today');
    expect(seen).toEqual([]);
    expect(await reader.decrypt(await officialMessage(kms, NON_COMMITTING), CONTEXT, 'text')).toBe('before');
    expect(await reader.decrypt(await raw(), CONTEXT, 'text')).toBe('by KMS');
    expect(await reader.decrypt(Buffer.from(await raw('{"a":1}')).toString('base64'), CONTEXT, 'json')).toEqual({
      a: 1,
    });
    expect(seen).toEqual(['older-message', 'kms-ciphertext', 'kms-ciphertext']);
  });

  test('refuses older kinds after the date, before KMS is called, and reads on what is written today', async () => {
    const reader = migrationReader({ current, until: past, older, kmsCiphertext });
    const [today, before, byKms] = [
      await current.encrypt('today', CONTEXT),
      await officialMessage(kms, NON_COMMITTING),
      await raw(),
    ];
    kms.calls.length = 0;
    for (const message of [before, byKms]) {
      await expect(reader.decrypt(message, CONTEXT)).rejects.toMatchObject({
        code: 'MIGRATION_ENDED',
        message: expect.stringContaining(past.toISOString()),
      });
    }
    expect(kms.calls).toEqual([]);
    expect(await reader.decrypt(today, CONTEXT, 'text')).toBe('today');
  });

  test('reads only those older kinds that were asked for', async () => {
    const reader = migrationReader({ current, until: future });
    const before = reader.decrypt(await officialMessage(kms, NON_COMMITTING), CONTEXT);
    await expect(before).rejects.toMatchObject({ code: 'UNSUPPORTED_MESSAGE' });
    await expect(reader.decrypt(await raw(), CONTEXT)).rejects.toMatchObject({ code: 'NOT_A_MESSAGE' });
  });

  test('does not pass off what is wrong with a message of today as something older', async () => {
    const reader = migrationReader({ current, until: future, older, kmsCiphertext });
    const message = await current.encrypt('today', CONTEXT);
    const cut = message.subarray(0, -1);
    await expect(reader.decrypt(cut, CONTEXT)).rejects.toMatchObject({ code: 'NOT_AUTHENTIC' });
    await expect(reader.decrypt(message, { tenant: 'b' })).rejects.toMatchObject({ code: 'CONTEXT_MISMATCH' });
  });

  test('holds raw ciphertext to the context that it was encrypted with', async () => {
    const reader = migrationReader({ current, until: future, kmsCiphertext });
    const other = reader.decrypt(await raw(), { tenant: 'b' });
    await expect(other).rejects.toMatchObject({ code: 'NOT_AUTHENTIC', action: 'kms:Decrypt' });
  });

  test.each<[string, Uint8Array | string]>([
    ['nothing', new Uint8Array(0)],
    ['what is longer than KMS takes', new Uint8Array(6_145)],
    ['text that is not base64', '*'],
  ])('does not ask KMS about %s', async (_case, given) => {
    const reader = migrationReader({ current, until: future, kmsCiphertext });
    kms.calls.length = 0;
    await expect(reader.decrypt(given, CONTEXT)).rejects.toMatchObject({ code: 'NOT_A_MESSAGE' });
    expect(kms.calls).toEqual([]);
  });

  test('takes a deadline for raw ciphertext too', async () => {
    const reader = migrationReader({ current, until: future, kmsCiphertext });
    const late = reader.decrypt(await raw(), CONTEXT, 'text', within({ deadline: Date.now() - 1 }));
    await expect(late).rejects.toMatchObject({ code: 'DEADLINE' });
  });

  test('keeps no plaintext that KMS answered with after the call was given up', async () => {
    const filled = jest.spyOn(Uint8Array.prototype, 'fill');
    const abort = new AbortController();
    let answered = (): void => undefined;
    const late = new Promise<void>((resolve) => {
      answered = resolve;
    });
    let asked = false;
    const client: KmsClient = {
      send: async (command) => {
        asked = true;
        return late.then(() => (kms as KmsClient).send(command));
      },
    };
    const reader = migrationReader({ current, until: future, kmsCiphertext: { ...kmsCiphertext, kms: client } });
    const ciphertext = await raw();
    try {
      const reading = reader.decrypt(ciphertext, CONTEXT, 'bytes', within({ signal: abort.signal }));
      await until(() => asked);
      abort.abort();
      await expect(reading).rejects.toMatchObject({ code: 'ABORTED' });
      filled.mockClear();
      answered();
      // What KMS answered with, and the copy of it.
      await until(() => filled.mock.contexts.filter(({ length }) => length === 'by KMS'.length).length === 2);
    } finally {
      filled.mockRestore();
    }
  });

  test('is what re-encryption reads from, for raw ciphertext too', async () => {
    const from = migrationReader({ current, until: future, older, kmsCiphertext });
    const fresh = await reencrypt(await raw(), { from, to: current, context: CONTEXT });
    expect(await current.decrypt(fresh, CONTEXT, 'text')).toBe('by KMS');
  });

  test.each<[string, object]>([
    ['a date that is none', { until: new Date(Number.NaN) }],
    ['an alias', { kmsCiphertext: { ...kmsCiphertext, keys: ['arn:aws:kms:eu-west-1:111122223333:alias/orders'] } }],
    ['no keys', { kmsCiphertext: { ...kmsCiphertext, keys: [] } }],
  ])('with %s is refused', (_case, over) => {
    const open = () => migrationReader({ current, until: future, ...over });
    expect(open).toThrow(expect.objectContaining({ code: 'CONFIG' }));
  });
});
