import { connect, type Socket } from 'node:net';
import type { FuzzRequest } from './requests.ts';

export interface FuzzAnswer {
  readonly status: number;
  readonly body: string;
}

/** Longest that an answer may take before it counts as a hang, in milliseconds. */
const HANG = 20_000;

/** One connection that sends one request after another, and opens again when the server has closed it. */
export function connectionTo(port: number) {
  let socket: Socket | undefined;
  return {
    send(request: FuzzRequest): Promise<FuzzAnswer> {
      if (socket === undefined || socket.destroyed || !socket.writable) socket = connect(port, '127.0.0.1');
      return exchange(socket, headOf(request), request.body);
    },
    close: () => socket?.destroy(),
  };
}

function headOf({ method, path, headers, body }: FuzzRequest): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}content-length: ${body.length}\r\n\r\n`;
}

function exchange(socket: Socket, head: string, body: Buffer): Promise<FuzzAnswer> {
  return new Promise((done, fail) => {
    let received = Buffer.alloc(0);
    const end = (outcome: () => void): void => {
      clearTimeout(timer);
      socket.off('data', onData).off('error', onEnd).off('close', onEnd);
      outcome();
    };
    const onEnd = (): void => {
      const answer = answerIn(received);
      // A server that refuses a body closes before it is sent, and the answer may be lost on the way.
      socket.destroy();
      end(() => done(answer ?? { status: 0, body: '' }));
    };
    const onData = (chunk: Buffer): void => {
      received = Buffer.concat([received, chunk]);
      const answer = answerIn(received);
      if (answer !== undefined) end(() => done(answer));
    };
    const timer = setTimeout(() => end(() => fail(new Error(`no answer within ${HANG} ms`))), HANG);
    socket.on('data', onData).on('error', onEnd).on('close', onEnd);
    socket.write(Buffer.concat([Buffer.from(head, 'latin1'), body]));
  });
}

/** The answer, once all of it is there. */
function answerIn(bytes: Buffer): FuzzAnswer | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = bytes.subarray(0, end).toString('latin1');
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
  if (bytes.length < end + 4 + length) return undefined;
  return { status: Number(head.slice(9, 12)), body: bytes.subarray(end + 4, end + 4 + length).toString('utf8') };
}

/** Bytes that are no request, or only a part of one; what came back, or nothing when the server closed. */
export function sendBytes(port: number, parts: readonly (string | Buffer)[]): Promise<FuzzAnswer> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  return new Promise((done, fail) => {
    let received = Buffer.alloc(0);
    const timer = setTimeout(() => {
      socket.destroy();
      fail(new Error(`the connection was open after ${HANG} ms`));
    }, HANG);
    const end = (): void => {
      clearTimeout(timer);
      socket.destroy();
      done(answerIn(received) ?? { status: 0, body: '' });
    };
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (answerIn(received) !== undefined) end();
    });
    socket.on('error', end).on('end', end).on('close', end);
    for (const part of parts) socket.write(part);
    socket.end();
  });
}
