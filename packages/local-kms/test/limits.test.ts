import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import { build } from '../src/create.ts';
import { settingsOf } from '../src/options.ts';
import { LIMITS, type Limits, listen } from '../src/server/http.ts';

async function listening(limits: Partial<Limits>) {
  const { kms, world, attach } = build(settingsOf({}));
  const { port, close } = await listen(world, '127.0.0.1', 0, false, { ...LIMITS, ...limits });
  attach(`http://127.0.0.1:${port}`, close);
  const sockets: Socket[] = [];
  const open = (): Socket => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    sockets.push(socket);
    return socket;
  };
  const end = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await kms.close();
  };
  return { open, [Symbol.asyncDispose]: end };
}

/** Everything that comes until the connection ends. */
async function answerOn(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  await once(socket, 'close');
  return text;
}

const HEALTH = 'GET /_keysmith/health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n';
const SOON = { headersMillis: 60, requestMillis: 120, checkMillis: 20 };

describe('a connection', () => {
  test.each([
    ['headers', 'POST / HTTP/1.1\r\nhost: x\r\n'],
    ['body', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{'],
  ])('ends when the %s of its request take too long, and others go on', async (_what, begun) => {
    await using server = await listening(SOON);
    const slow = server.open();
    slow.write(begun);
    const answer = answerOn(slow);
    const quick = server.open();
    quick.write(HEALTH);
    expect(await answerOn(quick)).toMatch(/^HTTP\/1\.1 200 /);
    expect(await answer).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('ends when its client sends a byte now and then', async () => {
    await using server = await listening(SOON);
    const slow = server.open();
    const ended = once(slow, 'close');
    slow.resume();
    while (!slow.closed && slow.writable) {
      slow.write('x');
      await after(10);
    }
    await ended;
  });

  test('is closed at once where as many are open as may be, and there is room when one ends', async () => {
    await using server = await listening({ connections: 2 });
    const [first, second] = [server.open(), server.open()];
    await Promise.all([once(first, 'connect'), once(second, 'connect')]);
    expect(await answerOn(server.open())).toBe('');
    second.destroy();
    first.write(HEALTH);
    expect(await answerOn(first)).toMatch(/^HTTP\/1\.1 200 /);
    const third = server.open();
    third.write(HEALTH);
    expect(await answerOn(third)).toMatch(/^HTTP\/1\.1 200 /);
  });
});
