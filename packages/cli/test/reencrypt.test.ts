import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Envelope, envelope, rawAesWrapping, within } from '@cdk-keysmith/envelope';
import type { Io } from '../src/index.ts';
import { memberPath } from '../src/message/member.ts';
import type { Order } from '../src/message/reencrypt/order.ts';
import { runFiles } from '../src/message/reencrypt/run-files.ts';
import { runLines } from '../src/message/reencrypt/run-lines.ts';

/** An envelope under an AES key of its own. */
function ownEnvelope(name: string): Envelope {
  const wrapping = rawAesWrapping({ keyNamespace: 'test', keyName: name, key: randomBytes(32) });
  return envelope(name, { direction: 'both', context: {}, requiredContext: [], wrapping });
}

const CONTEXT = { tenant: 'acme' };
const COUNT = 6;
const plaintextOf = (index: number) => `secret ${index}`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keysmith-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const at = (...names: string[]) => join(folder, ...names);

/** An order whose writing envelope calls `before` with the number of the message, counted from 1 in each run. */
function orderOf(
  paths: readonly string[],
  [from, to]: readonly [Envelope, Envelope],
  before: (count: number, stop: () => void) => void = () => {},
) {
  const controller = new AbortController();
  let count = 0;
  const counting: typeof to.encrypt = async (...given) => {
    before(++count, () => controller.abort());
    return to.encrypt(...given);
  };
  const text = { stderr: '' };
  const io: Io = {
    stdout: { write: () => {} },
    stderr: { write: (chunk) => (text.stderr += chunk) },
    env: {},
    onSignal: () => () => {},
  };
  const order: Order = {
    paths,
    // One after the other, so that the signal comes between two messages.
    how: { from, to: { encrypt: counting }, call: within({ signal: controller.signal }), concurrency: 1 },
    what: { test: 1 },
    context: CONTEXT,
    cursor: at('run.cursor'),
    quiet: false,
    signal: controller.signal,
  };
  return { order, io, text };
}

async function opened(
  message: Uint8Array | string,
  envelopes: readonly Envelope[],
): Promise<readonly [number, string]> {
  for (const [index, one] of envelopes.entries()) {
    const text = await one.decrypt(message, CONTEXT, 'text').catch(() => undefined);
    if (text !== undefined) return [index, text];
  }
  throw new Error('a message opens under none of the envelopes');
}

describe('re-encrypting files', () => {
  const pathOf = (index: number) => at('archive', String(index % 2), `${index}.msg`);

  async function archive(): Promise<readonly [Envelope, Envelope]> {
    const envelopes = [ownEnvelope('old'), ownEnvelope('new')] as const;
    for (let index = 0; index < COUNT; index++) {
      mkdirSync(join(pathOf(index), '..'), { recursive: true });
      writeFileSync(pathOf(index), await envelopes[0].encrypt(plaintextOf(index), CONTEXT));
    }
    return envelopes;
  }

  const states = (envelopes: readonly Envelope[]) =>
    Promise.all(Array.from({ length: COUNT }, (_none, index) => opened(readFileSync(pathOf(index)), envelopes)));
  const finished = Array.from({ length: COUNT }, (_none, index) => [1, plaintextOf(index)]);

  test.each(Array.from({ length: COUNT }, (_none, index) => index + 1))(
    'can be interrupted at message %d, loses nothing, and goes on from there',
    async (stopAt) => {
      const envelopes = await archive();
      const first = orderOf([at('archive')], envelopes, (count, stop) => count === stopAt && stop());
      await expect(runFiles(first.order, undefined, first.io)).rejects.toMatchObject({ name: 'AbortError' });
      expect(first.text.stderr).toContain('give the same --cursor again to go on');
      // Every message is a whole one, the old or the new, and nothing else is there.
      expect((await states(envelopes)).map(([, text]) => text)).toEqual(finished.map(([, text]) => text));
      expect(
        readdirSync(at('archive', '0'))
          .concat(readdirSync(at('archive', '1')))
          .sort(),
      ).toEqual(['0', '1', '2', '3', '4', '5'].map((name) => `${name}.msg`));
      const done = (await states(envelopes)).filter(([which]) => which === 1).length;

      const second = orderOf([at('archive')], envelopes);
      const counts = await runFiles(second.order, undefined, second.io);
      expect(counts).toEqual({ done: COUNT, reencrypted: COUNT, current: 0, failed: 0 });
      expect(await states(envelopes)).toEqual(finished);
      expect(done).toBe(stopAt - 1);

      const third = orderOf([at('archive')], envelopes, () => {
        throw new Error('nothing is left to do');
      });
      expect(await runFiles(third.order, undefined, third.io)).toEqual(counts);
    },
  );

  test('leaves alone what changes meanwhile, and says so', async () => {
    const envelopes = await archive();
    const { order, io, text } = orderOf([at('archive')], envelopes, (count) => {
      if (count === 1) writeFileSync(pathOf(2), 'something of somebody else');
    });
    const counts = await runFiles(order, undefined, io);
    expect(counts).toEqual({ done: COUNT, reencrypted: COUNT - 1, current: 0, failed: 1 });
    expect(text.stderr).toContain(`keysmith: ${pathOf(2)}: it has changed since it was read, and was left as it is`);
    expect(readFileSync(pathOf(2), 'utf8')).toBe('something of somebody else');
  });

  test('says of a file with several names that it has left the others', async () => {
    const envelopes = await archive();
    linkSync(pathOf(1), at('link.msg'));
    const { order, io, text } = orderOf([at('archive')], envelopes);
    expect(await runFiles(order, undefined, io)).toMatchObject({ reencrypted: COUNT, failed: 0 });
    expect(text.stderr).toContain(`keysmith: ${pathOf(1)}: it has come apart from its 1 other name (hard link), `);
    expect(text.stderr.match(/hard link/g)).toHaveLength(1);
    expect(await opened(readFileSync(at('link.msg')), envelopes)).toEqual([0, plaintextOf(1)]);
  });

  test('ends at a failure that may go away, and begins with that message again', async () => {
    const envelopes = await archive();
    const [from] = envelopes;
    const impatient = {
      decrypt: (message: Uint8Array) => from.decrypt(message, CONTEXT, 'bytes', within({ deadline: 0 })),
    };
    const { order, io } = orderOf([at('archive')], envelopes);
    const failing = { ...order, how: { ...order.how, from: impatient as unknown as Order['how']['from'] } };
    await expect(runFiles(failing, undefined, io)).rejects.toMatchObject({ code: 'TRY_AGAIN' });
    expect(await runFiles(order, undefined, io)).toMatchObject({ reencrypted: COUNT, failed: 0 });
  });

  test('keeps text text, with the end of line that it had', async () => {
    const envelopes = [ownEnvelope('old'), ownEnvelope('new')] as const;
    const text = Buffer.from(await envelopes[0].encrypt('a', CONTEXT)).toString('base64');
    writeFileSync(at('a.b64'), `${text}\r\n`);
    const { order, io } = orderOf([at('a.b64')], envelopes);
    await runFiles(order, undefined, io);
    expect(await opened(readFileSync(at('a.b64'), 'latin1').replace(/\r\n$/, ''), envelopes)).toEqual([1, 'a']);
    expect(readFileSync(at('a.b64'), 'latin1')).toMatch(/=?\r\n$/);
  });

  test.each([
    [
      'of another run',
      (text: string) => text.replace(/"run":"\w{4}/, '"run":"0000'),
      'is of a run with other files or options',
    ],
    [
      'of another version',
      (text: string) => text.replace('"version":1', '"version":2'),
      'is no cursor of this version',
    ],
    ['that is none', () => 'two boxes of chalk', 'is no cursor of this version'],
    [
      'without a place',
      (text: string) => text.replace(/"after":\{.*?\}/, '"after":{"root":"a"}'),
      'is no cursor of this version',
    ],
  ])('refuses a cursor %s', async (_what, change, problem) => {
    const envelopes = await archive();
    const { order, io } = orderOf([at('archive')], envelopes);
    await runFiles(order, undefined, io);
    writeFileSync(at('run.cursor'), change(readFileSync(at('run.cursor'), 'utf8')));
    await expect(runFiles(order, undefined, io)).rejects.toThrow(problem);
  });
});

describe('re-encrypting lines', () => {
  const lineOf = (index: number, token: string) => `{"id": ${index},  "token":"${token}" }`;

  async function file(): Promise<readonly [Envelope, Envelope]> {
    const envelopes = [ownEnvelope('old'), ownEnvelope('new')] as const;
    const lines: string[] = [];
    for (let index = 0; index < COUNT; index++) {
      const token = Buffer.from(await envelopes[0].encrypt(plaintextOf(index), CONTEXT)).toString('base64');
      lines.push(lineOf(index, token), ...(index % 2 === 0 ? ['', `{"id":"none of ${index}"}`] : []));
    }
    writeFileSync(at('in.jsonl'), `${lines.join('\n')}\n`, { mode: 0o640 });
    return envelopes;
  }

  /** The lines with their messages opened, by the second envelope only. */
  async function contents(name: string, to: Envelope): Promise<string> {
    const lines = readFileSync(at(name), 'utf8').split('\n');
    const open = async (line: string) => {
      const token = line === '' ? undefined : (JSON.parse(line) as { token?: string }).token;
      return token === undefined ? line : line.replace(token, await to.decrypt(token, CONTEXT, 'text'));
    };
    return (await Promise.all(lines.map(open))).join('\n');
  }

  const linesOrder = (order: Order, out: string) => ({
    ...order,
    options: {},
    field: memberPath('token?'),
    writtenAt: undefined,
    out: at(out),
  });

  test.each(
    Array.from({ length: COUNT }, (_none, index) => [index + 1, index % 2 === 0 ? 'out.jsonl' : 'in.jsonl'] as const),
  )('can be interrupted at message %d into %s, loses nothing, and goes on from there', async (stopAt, out) => {
    const envelopes = await file();
    const expected = await contents('in.jsonl', envelopes[0]);
    const before = readFileSync(at('in.jsonl'));
    const first = orderOf([at('in.jsonl')], envelopes, (count, stop) => count === stopAt && stop());
    await expect(runLines(linesOrder(first.order, out), first.io)).rejects.toMatchObject({ name: 'AbortError' });
    expect(readFileSync(at('in.jsonl')).equals(before)).toBe(true);
    expect(existsSync(at('out.jsonl'))).toBe(false);
    // A process that is killed may have written more than it could note.
    appendFileSync(at(`${out}.partial`), '{"id": 1, "tok');

    const second = orderOf([at('in.jsonl')], envelopes);
    const counts = await runLines(linesOrder(second.order, out), second.io);
    expect(counts).toEqual({ done: COUNT, reencrypted: COUNT, current: 0, failed: 0 });
    expect(await contents(out, envelopes[1])).toBe(expected);
    expect(statSync(at(out)).mode & 0o777).toBe(0o640);
    expect(existsSync(at(`${out}.partial`))).toBe(false);

    const third = orderOf([at('in.jsonl')], envelopes, () => {
      throw new Error('nothing is left to do');
    });
    expect(await runLines(linesOrder(third.order, out), third.io)).toEqual(counts);
  });

  test('is found to be finished when it ended before that could be noted', async () => {
    const envelopes = await file();
    const { order, io } = orderOf([at('in.jsonl')], envelopes);
    await runLines(linesOrder(order, 'in.jsonl'), io);
    const cursor = readFileSync(at('run.cursor'), 'utf8');
    writeFileSync(at('run.cursor'), cursor.replace('"finished":true', '"finished":false'));
    const again = orderOf([at('in.jsonl')], envelopes);
    expect(await runLines(linesOrder(again.order, 'in.jsonl'), again.io)).toMatchObject({ reencrypted: COUNT });
    expect(again.text.stderr).toContain('finished before');
  });

  test.each([
    ['the input has changed', () => appendFileSync(at('in.jsonl'), '{}\n'), 'has changed since'],
    ['the output is gone', () => rmSync(at('out.jsonl.partial')), 'out.jsonl.partial is gone'],
    ['the output is shorter', () => writeFileSync(at('out.jsonl.partial'), ''), 'is shorter than the cursor says'],
    [
      'the output is there, and no cursor',
      () => rmSync(at('run.cursor')),
      'is there already, and no cursor speaks of it',
    ],
  ])('does not go on when %s', async (_what, change, problem) => {
    const envelopes = await file();
    const first = orderOf([at('in.jsonl')], envelopes, (count, stop) => count === 4 && stop());
    await expect(runLines(linesOrder(first.order, 'out.jsonl'), first.io)).rejects.toMatchObject({
      name: 'AbortError',
    });
    change();
    const { order, io } = orderOf([at('in.jsonl')], envelopes);
    const going = runLines(linesOrder(order, 'out.jsonl'), io);
    await expect(going).rejects.toThrow(problem);
  });

  test('ends when another run goes on with the same cursor, and loses nothing by that', async () => {
    const envelopes = await file();
    const expected = await contents('in.jsonl', envelopes[0]);
    const first = orderOf([at('in.jsonl')], envelopes, (count, stop) => count === 2 && stop());
    await expect(runLines(linesOrder(first.order, 'in.jsonl'), first.io)).rejects.toMatchObject({ name: 'AbortError' });
    const second = orderOf([at('in.jsonl')], envelopes, (count) => {
      if (count === 2) appendFileSync(at('in.jsonl.partial'), '{"id":"of the other run"}\n');
    });
    const going = runLines(linesOrder(second.order, 'in.jsonl'), second.io);
    await expect(going).rejects.toThrow('somebody else writes to');
    const third = orderOf([at('in.jsonl')], envelopes);
    await runLines(linesOrder(third.order, 'in.jsonl'), third.io);
    expect(await contents('in.jsonl', envelopes[1])).toBe(expected);
  });

  test.each([
    ['out.jsonl', 'out.jsonl'],
    ['in.jsonl', 'in.jsonl.partial'],
  ])('into %s does not take %s for its cursor', async (out, cursor) => {
    const envelopes = await file();
    const before = readFileSync(at('in.jsonl'));
    const { order, io } = orderOf([at('in.jsonl')], envelopes);
    const going = runLines(linesOrder({ ...order, cursor: at('.', cursor) }, out), io);
    await expect(going).rejects.toThrow('is where the lines of --out');
    expect([readFileSync(at('in.jsonl')).equals(before), readdirSync(folder)]).toEqual([true, ['in.jsonl']]);
  });

  test('takes no cursor for what can be read only once', async () => {
    const { order, io } = orderOf(['/dev/null'], await file());
    await expect(runLines(linesOrder(order, 'out.jsonl'), io)).rejects.toThrow('/dev/null is not an ordinary file');
    expect(readdirSync(folder)).toEqual(['in.jsonl']);
    const counts = await runLines(linesOrder({ ...order, cursor: undefined }, 'out.jsonl'), io);
    expect([counts.done, readFileSync(at('out.jsonl'), 'utf8')]).toEqual([0, '']);
  });

  test('leaves no file when it is interrupted without a cursor', async () => {
    const envelopes = await file();
    const before = readdirSync(folder);
    const { order, io } = orderOf([at('in.jsonl')], envelopes, (count, stop) => count === 3 && stop());
    const going = runLines(linesOrder({ ...order, cursor: undefined }, 'in.jsonl'), io);
    await expect(going).rejects.toMatchObject({ name: 'AbortError' });
    expect(readdirSync(folder)).toEqual(before);
  });

  test('does not replace an input that changes meanwhile', async () => {
    const envelopes = await file();
    const { order, io } = orderOf([at('in.jsonl')], envelopes, (count) => {
      if (count === 3) appendFileSync(at('in.jsonl'), '{"id":"late"}\n');
    });
    const going = runLines(linesOrder({ ...order, cursor: undefined }, 'in.jsonl'), io);
    await expect(going).rejects.toThrow('has changed since it was read, and was left as it is');
    expect(readFileSync(at('in.jsonl'), 'utf8')).toContain('{"id":"late"}\n');
  });
});
