import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { ahead } from '../src/message/ahead.ts';
import { base64Text, binary, decoded } from '../src/message/base64.ts';
import { makeFile, PRIVATE, readOriginal, replaceOriginal, targetOf } from '../src/message/files.ts';
import { isBlank, linesOf, wholeLine } from '../src/message/lines.ts';
import { memberPath, readObject, required } from '../src/message/member.ts';
import { createProgress } from '../src/message/progress.ts';
import { duration } from '../src/message/values.ts';
import { rootsOf, walk } from '../src/message/walk.ts';

async function* inPieces(bytes: Uint8Array, sizes: readonly number[]) {
  let at = 0;
  for (const size of sizes) {
    yield bytes.subarray(at, at + size);
    at += size;
  }
  yield bytes.subarray(at);
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const sizes = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 20 });

describe('lines', () => {
  test('put together are the text that they are from, however it came', async () => {
    const text = fc
      .array(fc.constantFrom('a', '\n', '\r\n', 'é', '"x"'), { maxLength: 60 })
      .map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(text, sizes, async (given, pieces) => {
        const bytes = Buffer.from(given);
        const lines = await all(linesOf(inPieces(bytes, pieces)));
        expect(Buffer.concat(lines.map((line) => wholeLine(line))).equals(bytes)).toBe(true);
        expect(lines.map(({ number }) => number)).toEqual(lines.map((_line, index) => index + 1));
        const ends = lines.map((line) => wholeLine(line).length);
        expect(lines.map(({ end }) => end)).toEqual(
          ends.map((_end, index) => ends.slice(0, index + 1).reduce((a, b) => a + b)),
        );
      }),
    );
  });

  test('know their places when the text is begun in its middle', async () => {
    const text = Buffer.from('one\ntwo\nthree');
    const rest = await all(linesOf(inPieces(text.subarray(4), []), { offset: 4, number: 2 }));
    expect(rest.map(({ number, end }) => [number, end])).toEqual([
      [2, 8],
      [3, 13],
    ]);
  });

  test('with nothing but white space or a byte order mark are blank', async () => {
    const lines = await all(linesOf(inPieces(Buffer.from('\ufeff\n \t\r\n\n\ufeff{}\n'), [])));
    expect(lines.map(isBlank)).toEqual([true, true, true, false]);
  });

  test('are refused when they are too long to be held', async () => {
    async function* endless() {
      for (;;) yield Buffer.alloc(1_048_576, 'a');
    }
    await expect(all(linesOf(endless()))).rejects.toThrow('line 1 has more than 16777216 bytes');
  });
});

describe('base64 text', () => {
  test('becomes the bytes that it stands for, with line breaks and in any pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.integer({ min: 1, max: 76 }),
        sizes,
        async (bytes, width, pieces) => {
          // Both versions of the format, and then anything.
          for (const beginning of [
            [2, 4, 0x78],
            [1, 0x80, 0],
          ]) {
            const message = Buffer.from([...beginning, ...bytes]);
            const folded = message.toString('base64').replaceAll(new RegExp(`.{${width}}`, 'g'), '$&\r\n');
            expect(Buffer.concat(await all(binary(inPieces(Buffer.from(folded), pieces)))).equals(message)).toBe(true);
            expect(Buffer.concat(await all(binary(inPieces(message, pieces)))).equals(message)).toBe(true);
            const written = Buffer.concat(await all(base64Text(inPieces(message, pieces))));
            expect(written.toString()).toBe(`${message.toString('base64')}\n`);
          }
        },
      ),
    );
  });

  test.each(['AgR4!', 'AgR4A', 'AgR4AA==AgR4', 'AgR4AA=', 'AgR4AA==='])('is refused where it is none: %s', (text) => {
    expect(() => decoded(Buffer.from(text))).toThrow(expect.objectContaining({ code: 'NOT_A_MESSAGE' }));
  });
});

describe('a member of a JSON object', () => {
  const object = (text: string) => readObject(Buffer.from(text));

  test('is replaced, and everything else stays as it was written', () => {
    const text = '{ "id": 12345678901234567890,"é":[1.0, {"token" :\t"old"}] , "token" : "old"}';
    const member = required(object(text), memberPath('token'));
    expect(member?.replace('"new"')).toBe(
      '{ "id": 12345678901234567890,"é":[1.0, {"token" :\t"old"}] , "token" : "new"}',
    );
    expect(member?.replace('7', 'n"w')).toBe(
      '{ "id": 12345678901234567890,"é":[1.0, {"token" :\t"old"}] , "n\\"w" : 7}',
    );
  });

  test('is found behind a byte order mark, which stays where it is', () => {
    const member = required(object('\ufeff{"token":"old"}'), memberPath('token'));
    expect([member?.string, member?.replace('"new"')]).toEqual(['old', '\ufeff{"token":"new"}']);
    expect(() => object('\ufeff\ufeff{}')).toThrow('it is not JSON');
  });

  test('holds whatever it is replaced by, in any object', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }),
        fc.string(),
        fc.jsonValue(),
        fc.string({ minLength: 1 }),
        (others, name, value, text) => {
          fc.pre(!name.endsWith('?') && !name.startsWith('/') && !name.startsWith('--') && name !== '');
          const before = JSON.stringify({ ...others, [name]: text }, null, 1).replaceAll('\n', ' ');
          const after = required(object(before), memberPath(name))?.replace(JSON.stringify(value));
          expect(JSON.parse(after ?? '')).toEqual(JSON.parse(JSON.stringify({ ...JSON.parse(before), [name]: value })));
        },
      ),
    );
  });

  test.each([
    ['/Item/token/B', '{"Item":{"token":{"B":"AgR4"}}}', 'AgR4'],
    ['/a~1b/c~0d', '{"a/b":{"c~d":"x"}}', 'x'],
    ['a.b', '{"a.b":"x","a":{"b":"y"}}', 'x'],
    ['__proto__', '{"__proto__":"x"}', 'x'],
    ['t', '{"\\u0074":"x"}', 'x'],
  ])('is found as %s', (path, text, value) => {
    expect(required(object(text), memberPath(path))?.string).toBe(value);
  });

  test.each([
    ['token', '{"token":null}', 'there is no member token'],
    ['/a/b', '{"a":"text"}', 'there is no member /a/b'],
    ['token', '{"token":"a","token":"b"}', 'the member token is there twice'],
    ['/a/b', '{"a":{"b":1},"a":{"b":2}}', 'the member /a/b is there twice'],
    ['token', '["token"]', 'it is JSON, but not an object'],
    ['token', '{"token":"secret"', 'it is not JSON'],
    ['token', '{"token":"sec\tret"}', 'it is not JSON'],
  ])('%s of %s is refused: %s', (path, text, problem) => {
    expect(() => required(object(text), memberPath(path))).toThrow(
      expect.objectContaining({ code: 'REFUSED', message: problem }),
    );
  });

  test('may be missing where its path says so, and does not take the name of another one', () => {
    expect(required(object('{"other":1}'), memberPath('token?'))).toBeUndefined();
    const member = required(object('{"token":"a","plain":"b"}'), memberPath('token'));
    expect(() => member?.replace('1', 'plain')).toThrow('there is a member plain already');
  });

  test('is not looked for in text that is not UTF-8, or nested beyond reason', () => {
    expect(() => readObject(Buffer.of(0x7b, 0xff, 0x7d))).toThrow('it is not JSON');
    expect(() => object(`{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`)).toThrow('it is not JSON');
  });
});

describe('files', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'keysmith-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const at = (...names: string[]) => join(folder, ...names);

  test('appear when they are complete, and not before', async () => {
    const path = at('new');
    await makeFile(path, { mode: PRIVATE }, async (handle) => {
      await handle.writeFile('half');
      expect(readdirSync(folder)).not.toContain('new');
      await handle.writeFile(' and half');
    });
    expect(readFileSync(path, 'utf8')).toBe('half and half');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['new']);
  });

  test('stay as they were when their making fails, and nothing is left behind', async () => {
    writeFileSync(at('old'), 'old');
    const making = makeFile(at('old'), { mode: PRIVATE }, async (handle) => {
      await handle.writeFile('half');
      throw new Error('no more');
    });
    await expect(making).rejects.toThrow('no more');
    expect([readdirSync(folder), readFileSync(at('old'), 'utf8')]).toEqual([['old'], 'old']);
  });

  test('are replaced with the mode that they have, and only when they are as they were read', async () => {
    writeFileSync(at('a'), 'old');
    chmodSync(at('a'), 0o640);
    const original = await readOriginal(at('a'), 100);
    expect(await replaceOriginal(original, Buffer.from('new'))).toBe(true);
    expect([readFileSync(at('a'), 'utf8'), statSync(at('a')).mode & 0o777]).toEqual(['new', 0o640]);
    // Now it is another file than the one that was read.
    expect(await replaceOriginal(original, Buffer.from('newer'))).toBe(false);
    const again = await readOriginal(at('a'), 100);
    writeFileSync(at('a'), 'own');
    expect(await replaceOriginal(again, Buffer.from('newer'))).toBe(false);
    rmSync(at('a'));
    expect(await replaceOriginal(again, Buffer.from('newer'))).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('are not read when they are larger than can be held', async () => {
    writeFileSync(at('a'), 'four');
    await expect(readOriginal(at('a'), 3)).rejects.toThrow('it has more than 3 bytes');
  });

  test('are replaced at the end of a symbolic link, and devices never', async () => {
    writeFileSync(at('a'), 'old');
    symlinkSync('a', at('link'));
    expect(await targetOf(at('link'))).toBe(await targetOf(at('a')));
    expect(await targetOf(at('none'))).toBe(at('none'));
    symlinkSync(at('none'), at('nowhere'));
    await expect(targetOf(at('nowhere'))).rejects.toThrow('it is a symbolic link to what does not exist');
    await expect(targetOf('/dev/null')).rejects.toThrow('cannot write /dev/null: it is there and not an ordinary file');
    await expect(targetOf(folder)).rejects.toThrow('not an ordinary file');
  });

  test('are walked through in the order of their names, from any of them on', async () => {
    for (const path of ['b/2', 'b/10', 'a', 'b/c/x', 'b0', 'c/z']) {
      mkdirSync(join(at(path), '..'), { recursive: true });
      writeFileSync(at(path), '');
    }
    writeFileSync(at('.keysmith-0123456789abcdef.tmp'), '');
    symlinkSync('/', at('b', 'root'));
    const roots = await rootsOf([folder, at('c', 'z')]);
    const leftOut: string[] = [];
    const found = await all(walk({ roots, onLeftOut: (path) => leftOut.push(path) }));
    const names = found.map(({ place }) => `${place.root}:${place.names.join('/')}`);
    expect(names).toEqual(['0:a', '0:b/10', '0:b/2', '0:b/c/x', '0:b0', '0:c/z', '1:']);
    expect(leftOut).toEqual([join(roots[0] ?? '', 'b', 'root')]);
    for (const [index, { place: after }] of found.entries()) {
      const rest = await all(walk({ roots, after }));
      expect(rest.map(({ place }) => `${place.root}:${place.names.join('/')}`)).toEqual(names.slice(index + 1));
    }
    const gone = await all(walk({ roots, after: { root: 0, names: ['b', '3', 'gone'] } }));
    expect(gone.map(({ place }) => place.names.join('/'))).toEqual(['b/c/x', 'b0', 'c/z', '']);
    await expect(rootsOf([folder, join(folder, 'b', '..')])).rejects.toThrow('is given twice');
    await expect(rootsOf([at('none')])).rejects.toThrow('it does not exist');
  });
});

describe('a walk that goes on', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'keysmith-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const rest = async (roots: readonly string[], names: readonly string[]) => {
    const found = await all(walk({ roots, after: { root: 0, names } }));
    return found.map(({ place }) => place.names.join('/'));
  };

  test('comes to what was a folder before and is a file now, and the other way round', async () => {
    writeFileSync(join(folder, 'a'), '');
    writeFileSync(join(folder, 'b'), '');
    expect(await rest([folder], ['a', 'x'])).toEqual(['a', 'b']);
    expect(await rest([join(folder, 'a')], ['x'])).toEqual(['']);
    rmSync(join(folder, 'a'));
    mkdirSync(join(folder, 'a'));
    writeFileSync(join(folder, 'a', 'x'), '');
    expect(await rest([folder], ['a'])).toEqual(['a/x', 'b']);
    expect(await rest([join(folder, 'a')], [])).toEqual(['x']);
  });
});

describe('what is neither a file nor a folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'keysmith-'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
  });
  afterEach(() => {
    // Ends whoever waits for it all the same.
    closeSync(openSync(join(folder, 'pipe'), 'r+'));
    rmSync(folder, { recursive: true });
  });

  test('is no root of a walk, and left out in a folder', async () => {
    const pipe = join(folder, 'pipe');
    await expect(rootsOf([pipe])).rejects.toThrow(`cannot read ${pipe}: it is neither a file nor a folder`);
    await expect(rootsOf(['/dev/null'])).rejects.toThrow('it is neither a file nor a folder');
    const leftOut: string[] = [];
    expect(await all(walk({ roots: await rootsOf([folder]), onLeftOut: (path) => leftOut.push(path) }))).toEqual([]);
    expect(leftOut).toHaveLength(1);
  });

  test('is not waited for when it has come into the place of a file', async () => {
    await expect(readOriginal(join(folder, 'pipe'), 100)).rejects.toThrow('it is not an ordinary file');
  });
});

describe('work ahead', () => {
  test('gives results in order, and the first failure in its turn', async () => {
    let running = 0;
    let most = 0;
    async function* numbers() {
      for (let number = 0; number < 100; number++) yield number;
    }
    const work = async (number: number) => {
      running++;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, number % 3));
      running--;
      if (number === 50) throw new Error('fifty');
      return number;
    };
    const seen: number[] = [];
    const going = (async () => {
      for await (const number of ahead(numbers(), work)) seen.push(number);
    })();
    await expect(going).rejects.toThrow('fifty');
    expect(seen).toEqual(Array.from({ length: 50 }, (_none, index) => index));
    expect(most).toBeLessThanOrEqual(16);
    expect(most).toBeGreaterThan(1);
  });
});

describe('progress', () => {
  const counts = { done: 3, reencrypted: 2, current: 0, failed: 1 };
  const shown = (isTTY: boolean, quiet = false) => {
    let text = '';
    const stderr = { isTTY, columns: 100, write: (chunk: string) => (text += chunk) };
    const progress = createProgress(
      { stdout: stderr, stderr, env: {}, onSignal: () => () => {} },
      { total: 10, begin: 0, unit: 'files' },
      quiet,
    );
    progress.update(3, counts);
    progress.tell('a\u001b[2J: it failed');
    progress.conclude('2 re-encrypted, 1 failed');
    return text;
  };

  test('is a bar on a terminal, and what is told stays', () => {
    const text = shown(true);
    expect(text).toMatch(/30% of 10 files \| 2 re-encrypted, 1 failed/);
    expect(text).toContain('keysmith: a\\u001b[2J: it failed\n');
    expect(text.endsWith('keysmith: 2 re-encrypted, 1 failed\n')).toBe(true);
  });

  test('is lines elsewhere, and only failures where nobody wants it', () => {
    expect(shown(false)).toBe('keysmith: a\\u001b[2J: it failed\nkeysmith: 2 re-encrypted, 1 failed\n');
    expect(shown(false, true)).toBe('keysmith: a\\u001b[2J: it failed\n');
  });
});

describe('a time', () => {
  test.each([
    ['45s', 45],
    ['30m', 1_800],
    ['12h', 43_200],
    ['90d', 7_776_000],
  ])('of %s is %d seconds', (text, seconds) => expect(duration(text)).toBe(seconds));

  test.each(['', '90', 'd', '-1d', '1.5h', '1w', '9999999d'])('is not "%s"', (text) => {
    expect(() => duration(text)).toThrow('such as 90d');
  });
});
