import { dynamoDbStreamHandler } from '../src/adapters/dynamodb-stream.ts';
import { kinesisHandler } from '../src/adapters/kinesis.ts';
import { encryptionProvider } from '../src/adapters/powertools.ts';
import { type SqsRecord, sqsHandler } from '../src/adapters/sqs.ts';
import { concurrently } from '../src/batch/concurrently.ts';
import { decryptMany } from '../src/batch/decrypt-many.ts';
import {
  type Envelope,
  EnvelopeError,
  type EnvelopeOptions,
  envelope,
  unstoredContext,
  validatedBy,
  within,
} from '../src/index.ts';
import { localKms, operations, type TestKms, THROTTLING } from './kms.ts';
import { KEY } from './settings.ts';

type Context = { tenant: string };

function box(kms: NonNullable<EnvelopeOptions['kms']>, maxAgeSeconds = 300): Envelope<Context> {
  const declared = { direction: 'both', wrapKeys: [KEY], unwrapKeys: [KEY], requiredContext: ['tenant'], kms } as const;
  return envelope(undefined, { ...declared, context: {}, cache: { maxAgeSeconds } });
}

interface Row {
  readonly tenant: string;
  readonly message: string;
}

/** Messages of so many tenants in turn, each tenant's under one data key. */
async function rows(kms: TestKms, count: number, tenants: number): Promise<Row[]> {
  const writer = box(kms);
  const all = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const tenant = `t${index % tenants}`;
      return { tenant, message: Buffer.from(await writer.encrypt(`${index}`, { tenant })).toString('base64') };
    }),
  );
  kms.calls.length = 0;
  return all;
}

const pick = ({ tenant, message }: Row) => ({ message, context: { tenant } });

function throttled(kms: TestKms): TestKms {
  kms.local.inject({ fault: THROTTLING });
  return kms;
}

describe('many messages', () => {
  test('1,000 under 7 data keys take 7 KMS calls, and each has its result, in order', async () => {
    const kms = localKms();
    const records = await rows(kms, 1_000, 7);
    const results = await decryptMany(box(kms), records, pick, { format: 'text' });
    expect(operations(kms)).toEqual(Array(7).fill('Decrypt'));
    expect(results).toHaveLength(1_000);
    for (const [index, result] of results.entries()) {
      expect(result).toEqual({ record: records[index], ok: true, plaintext: `${index}` });
    }
  });

  test('have the type of their format', async () => {
    const kms = localKms();
    const [bytes] = await decryptMany(box(kms), await rows(kms, 1, 1), pick);
    const [json] = await decryptMany(box(kms), await rows(kms, 1, 1), pick, { format: 'json' });
    const schema = {
      '~standard': { version: 1, vendor: 'test', validate: () => ({ value: 'made' as const }) },
    } as const;
    const [made] = await decryptMany(box(kms), await rows(kms, 1, 1), pick, { format: validatedBy(schema) });
    const plaintexts: [Uint8Array | undefined, unknown, 'made' | undefined] = [
      bytes?.ok ? bytes.plaintext : undefined,
      json?.ok ? json.plaintext : undefined,
      made?.ok ? made.plaintext : undefined,
    ];
    expect(plaintexts).toEqual([Uint8Array.from(Buffer.from('0')), 0, 'made']);
  });

  test('fail one by one: what is wrong with one is its result alone', async () => {
    const kms = localKms();
    const records = await rows(kms, 8, 1);
    const cut = (row: Row): Row => ({
      ...row,
      message: Buffer.from(row.message, 'base64').subarray(0, -4).toString('base64'),
    });
    const given = records.map((row, index) =>
      index === 0 ? cut(row) : index === 2 ? { ...row, tenant: 'other' } : index === 4 ? { ...row, message: '*' } : row,
    );
    const results = await decryptMany(box(kms), given, (row) => {
      if (row === given[6]) throw new TypeError('no such attribute');
      return pick(row);
    });
    const outcome = results.map((result) => (result.ok ? 'ok' : result.error.code));
    expect(outcome).toEqual([
      ...['NOT_AUTHENTIC', 'ok', 'CONTEXT_MISMATCH', 'ok'],
      ...['NOT_A_MESSAGE', 'ok', 'INVALID_INPUT', 'ok'],
    ]);
    expect(results[6]).toMatchObject({
      error: { cause: expect.any(TypeError), message: expect.not.stringContaining('attribute') },
    });
    expect(operations(kms)).toEqual(['Decrypt']);
  });

  test('take one KMS call a data key when KMS fails, too, and the failure is the result of all it was for', async () => {
    const kms = localKms();
    const records = await rows(kms, 100, 3);
    const results = await decryptMany(box(throttled(kms)), records, pick, { concurrency: 50 });
    expect(results.every((result) => !result.ok && result.error.code === 'THROTTLED' && result.error.retryable)).toBe(
      true,
    );
    expect(results.map(({ record }) => record)).toEqual(records);
    expect(operations(kms)).toHaveLength(3);
  });

  test('of one data key share no failure that another encryption context has made', async () => {
    const kms = localKms();
    const declared = {
      direction: 'both',
      wrapKeys: [KEY],
      unwrapKeys: [KEY],
      context: {},
      requiredContext: [],
    } as const;
    const reader = envelope(undefined, { ...declared, kms, reads: [unstoredContext('tenant')] });
    const message = await envelope(undefined, { ...declared, kms }).encrypt('x', { purpose: 'p' });
    const given = [{ purpose: 'p', tenant: 'not-bound' }, { purpose: 'p' }];
    const results = await decryptMany(reader, given, (context) => ({ message, context }), { format: 'text' });
    expect(results).toMatchObject([{ error: { code: 'NOT_AUTHENTIC', action: 'kms:Decrypt' } }, { plaintext: 'x' }]);
  });

  test('are none when there are none', async () => {
    expect(await decryptMany(box(localKms()), [], pick)).toEqual([]);
  });

  test('are worked on so many at once, and no more', async () => {
    let [running, most] = [0, 0];
    await concurrently(Array(20).keys(), 4, async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    });
    expect(most).toBe(4);
    const kms = localKms();
    for (const concurrency of [0, 1.5, 1_001]) {
      await expect(decryptMany(box(kms), [], pick, { concurrency })).rejects.toMatchObject({ code: 'CONFIG' });
    }
  });

  test('take a deadline', async () => {
    const kms = localKms();
    const results = await decryptMany(box(kms), await rows(kms, 3, 1), pick, {
      call: within({ deadline: Date.now() - 1 }),
    });
    expect(results.map((result) => !result.ok && result.error.code)).toEqual(Array(3).fill('DEADLINE'));
  });
});

describe('an SQS handler', () => {
  const record = ({ tenant, message }: Row, index: number, group?: string): SqsRecord => ({
    messageId: `m${index}`,
    body: message,
    messageAttributes: { tenant: { stringValue: tenant } },
    eventSourceARN: `arn:aws:sqs:eu-west-1:111122223333:orders${group === undefined ? '' : '.fifo'}`,
    ...(group === undefined ? {} : { attributes: { MessageGroupId: group } }),
  });
  const picked = (sqs: SqsRecord) => ({
    message: sqs.body,
    context: { tenant: sqs.messageAttributes?.['tenant']?.stringValue ?? '' },
  });

  test('handles what opens, and answers with what failed', async () => {
    const kms = localKms();
    const records = (await rows(kms, 5, 2)).map((row, index) => record(row, index));
    const [, bad] = records;
    const given = records.map((sqs) => (sqs === bad ? { ...sqs, body: 'bad' } : sqs));
    const handled: string[] = [];
    const failures: unknown[] = [];
    const handler = sqsHandler(box(kms), {
      pick: picked,
      format: 'text',
      handle: async (plaintext: string) => {
        if (plaintext === '3') throw new Error('the database is gone');
        handled.push(plaintext);
      },
      onFailure: ({ messageId }, error) => failures.push([messageId, String(error)]),
    });
    const answer = await handler({ Records: given });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }, { itemIdentifier: 'm3' }] });
    expect(handled.sort()).toEqual(['0', '2', '4']);
    expect(failures).toEqual([
      ['m1', expect.stringContaining('base64')],
      ['m3', 'Error: the database is gone'],
    ]);
  });

  test.each<['skip' | 'fail' | undefined, string[]]>([
    ['skip', ['m1']],
    ['fail', ['m0', 'm1']],
    [undefined, ['m0', 'm1']],
  ])('told to %s what can never be decrypted still gives back what may be later', async (decision, expected) => {
    const kms = localKms();
    const [first, second] = (await rows(kms, 2, 2)).map((row, index) => record(row, index));
    const asked: string[] = [];
    const handler = sqsHandler(box(throttled(kms)), {
      pick: picked,
      handle: () => undefined,
      onFailure: () => undefined,
      ...(decision === undefined
        ? {}
        : {
            onPoison: async (sqs: SqsRecord, error: EnvelopeError) => {
              asked.push(`${sqs.messageId} ${error.code}`);
              return decision;
            },
          }),
    });
    const given = [{ ...first, body: 'AAAA' }, second] as SqsRecord[];
    const { batchItemFailures } = await handler({ Records: given });
    expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(expected);
    expect(asked).toEqual(decision === undefined ? [] : ['m0 NOT_A_MESSAGE']);
  });

  test('gives back what fails for a disabled key, and does not ask whether to lose it', async () => {
    const kms = localKms();
    const records = (await rows(kms, 2, 2)).map((row, index) => record(row, index));
    await kms.disableKey({ KeyId: KEY });
    const asked: unknown[] = [];
    const handler = sqsHandler(box(kms), {
      pick: picked,
      handle: () => undefined,
      onFailure: () => undefined,
      onPoison: (_record, { code }) => {
        asked.push(code);
        return 'skip';
      },
    });
    const { batchItemFailures } = await handler({ Records: records });
    expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(['m0', 'm1']);
    expect(asked).toEqual([]);
  });

  test('gives back the rest of a FIFO group after a failure, and of that group only', async () => {
    const kms = localKms();
    const groups = ['a', 'b', 'a', 'b', 'a'];
    const records = (await rows(kms, 5, 1)).map((row, index) => record(row, index, groups[index]));
    const handled: string[] = [];
    const handler = sqsHandler(box(kms), {
      pick: picked,
      format: 'text',
      handle: (plaintext) => {
        if (plaintext === '2') throw new Error('no');
        handled.push(plaintext);
      },
      onFailure: () => undefined,
    });
    const { batchItemFailures } = await handler({ Records: records });
    expect(batchItemFailures).toEqual([{ itemIdentifier: 'm2' }, { itemIdentifier: 'm4' }]);
    expect(handled.sort()).toEqual(['0', '1', '3']);
  });

  test('writes one line about a failure by default, without the message of an error that is not ours', async () => {
    const kms = localKms();
    const [first, second] = (await rows(kms, 2, 1)).map((row, index) => record(row, index));
    const lines: string[] = [];
    const { error } = console;
    console.error = (line: string) => lines.push(line);
    try {
      const handle = () => {
        throw new RangeError('with the plaintext in it');
      };
      await sqsHandler(box(kms), { pick: picked, handle })({
        Records: [first, { ...second, body: 'bad' }] as SqsRecord[],
      });
    } finally {
      console.error = error;
    }
    expect(lines).toEqual([
      'record m0 failed: RangeError',
      expect.stringMatching(/^record m1 failed: NOT_A_MESSAGE: /),
    ]);
  });
});

describe('a stream handler', () => {
  const dynamoRecord = ({ tenant, message }: Row, index: number) => ({
    eventName: 'INSERT' as const,
    dynamodb: { SequenceNumber: `s${index}`, Keys: { tenant: { S: tenant } }, NewImage: { sealed: { B: message } } },
  });

  test('of Kinesis goes in order to the first failure, and gives back everything from there on', async () => {
    const kms = localKms();
    const all = await rows(kms, 5, 2);
    const Records = all.map(({ tenant, message }, index) => ({
      kinesis: { sequenceNumber: `s${index}`, partitionKey: tenant, data: message },
    }));
    const handled: string[] = [];
    const handler = kinesisHandler(box(kms), {
      pick: ({ kinesis }) => ({ message: kinesis.data, context: { tenant: kinesis.partitionKey } }),
      format: 'text',
      handle: async (plaintext) => {
        await new Promise((resolve) => setImmediate(resolve));
        if (plaintext === '3') throw new Error('no');
        handled.push(plaintext);
      },
      onFailure: () => undefined,
    });
    expect(await handler({ Records })).toEqual({
      batchItemFailures: [{ itemIdentifier: 's3' }, { itemIdentifier: 's4' }],
    });
    expect(handled).toEqual(['0', '1', '2']);
    expect(operations(kms)).toEqual(['Decrypt', 'Decrypt']);
  });

  test('of DynamoDB passes over records without a message', async () => {
    const kms = localKms();
    const records = (await rows(kms, 3, 1)).map(dynamoRecord);
    const removal = { eventName: 'REMOVE' as const, dynamodb: { SequenceNumber: 's9', Keys: { tenant: { S: 't0' } } } };
    const handled: string[] = [];
    const handler = dynamoDbStreamHandler(box(kms), {
      pick: ({ dynamodb }) => {
        const message = dynamodb?.NewImage?.['sealed']?.B;
        return message === undefined
          ? undefined
          : { message, context: { tenant: dynamodb?.Keys?.['tenant']?.S ?? '' } };
      },
      format: 'text',
      handle: (plaintext) => {
        handled.push(plaintext);
      },
    });
    expect(await handler({ Records: [...records, removal] })).toEqual({ batchItemFailures: [] });
    expect(handled).toEqual(['0', '1', '2']);
  });

  test('of DynamoDB fails the whole batch where a record has no number to be known by', async () => {
    const kms = localKms();
    const handler = dynamoDbStreamHandler(box(kms), {
      pick: () => {
        throw new Error('nothing to pick');
      },
      handle: () => undefined,
      onFailure: () => undefined,
    });
    expect(await handler({ Records: [{}] })).toEqual({ batchItemFailures: [{ itemIdentifier: '' }] });
  });

  test('refuses a concurrency out of range when it is made', () => {
    const make = () =>
      kinesisHandler(box(localKms()), { pick: () => undefined, handle: () => undefined, concurrency: 0 });
    expect(make).toThrow(EnvelopeError);
  });
});

describe('the provider for Powertools', () => {
  test('encrypts text to text and back, under the rules of the envelope', async () => {
    const provider = encryptionProvider(box(localKms()));
    const message = await provider.encrypt('"078-05-1120"', { tenant: 'a' });
    expect(message).toMatch(/^AgR4/);
    expect(await provider.decrypt(message, { tenant: 'a' })).toBe('"078-05-1120"');
    await expect(provider.decrypt(message, { tenant: 'b' })).rejects.toMatchObject({ code: 'CONTEXT_MISMATCH' });
    await expect(provider.decrypt(message)).rejects.toMatchObject({ code: 'CONTEXT_REQUIRED' });
    await expect(provider.encrypt('x')).rejects.toMatchObject({ code: 'CONTEXT_REQUIRED' });
  });
});
