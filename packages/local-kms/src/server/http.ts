import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { LocalKmsError } from '../errors.ts';
import { MAX_BODY_BYTES, type Outcome, type WireRequest, type WireResponse } from '../wire/message.ts';
import type { World } from '../world.ts';
import { isLoopback } from './loopback.ts';
import { plain, route } from './route.ts';

/** A socket that is open, and how to close it. */
export interface Listener {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** What a client may take of the server. */
export interface Limits {
  readonly headerBytes: number;
  readonly headers: number;
  /** Milliseconds until the headers of a request are there. */
  readonly headersMillis: number;
  /** Milliseconds until all of a request is there. */
  readonly requestMillis: number;
  /** Milliseconds that a connection stays open between requests. */
  readonly keepAliveMillis: number;
  /** Milliseconds between two looks at who is late. */
  readonly checkMillis: number;
  /** Open at once; what is beyond is closed at once, and the SDKs try again. */
  readonly connections: number;
}

/** More than any client of KMS needs, and more connections than the programs of a machine open. */
export const LIMITS: Limits = {
  headerBytes: 32 * 1024,
  headers: 100,
  headersMillis: 10_000,
  requestMillis: 30_000,
  keepAliveMillis: 5_000,
  checkMillis: 1_000,
  connections: 2_000,
};

/**
 * Listens with plain HTTP.
 * @throws {@link LocalKmsError} `PORT_IN_USE`, `NOT_LOOPBACK` or `LISTEN_FAILED`
 */
export async function listen(
  world: World,
  host: string,
  port: number,
  allowRemote: boolean,
  limits: Limits = LIMITS,
): Promise<Listener> {
  if (!allowRemote && !isLoopback(host)) {
    throw new LocalKmsError(
      'NOT_LOOPBACK',
      `host "${host}" is not a loopback address: a local KMS speaks plain HTTP and hands out plaintext keys; use 127.0.0.1, or say allowRemote: true`,
    );
  }
  const server = createServer(
    {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersMillis,
      requestTimeout: limits.requestMillis,
      keepAliveTimeout: limits.keepAliveMillis,
      connectionsCheckingInterval: limits.checkMillis,
    },
    (message, response) => serve(world, message, response),
  );
  server.maxHeadersCount = limits.headers;
  server.maxConnections = limits.connections;
  await opened(server, host, port);
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () => closed(server),
  };
}

function opened(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)));
    server.listen(port, host, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): LocalKmsError {
  return error.code === 'EADDRINUSE'
    ? new LocalKmsError(
        'PORT_IN_USE',
        `port ${port} on ${host} is in use: stop what listens there, or use port 0 for a free one`,
      )
    : new LocalKmsError('LISTEN_FAILED', `cannot listen on ${host} port ${port}: ${error.code ?? error.message}`, {
        cause: error,
      });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    // Clients keep connections open; nothing of the local KMS may keep a test runner alive.
    server.closeAllConnections();
  });
}

function serve(world: World, message: IncomingMessage, response: ServerResponse): void {
  // A client that goes away in the middle is no failure of the server.
  message.on('error', () => response.destroy());
  response.on('error', () => response.destroy());
  readBody(message, (body) => {
    if (body === undefined) send(response, plain(413, 'the request is too large'), true);
    else void answer(world, message, response, body);
  });
}

async function answer(world: World, message: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> {
  try {
    const outcome = route(world, wireRequest(message, body));
    await deliver(world, response, outcome instanceof Promise ? await outcome : outcome);
  } catch {
    send(response, plain(500, 'the local KMS has a defect'), true);
  }
  body.fill(0);
}

/** Sends the answer when its time has come, unless the client has gone by then, or ends the connection without one. */
async function deliver({ lateAnswers }: World, response: ServerResponse, outcome: Outcome): Promise<void> {
  const { answer, afterMillis } = outcome;
  if (afterMillis > 0 && !response.destroyed) {
    await lateAnswers.wait(afterMillis, (giveUp) => {
      response.once('close', giveUp);
      return () => response.off('close', giveUp);
    });
  }
  if ('body' in answer) send(response, answer, false);
  else if (answer.disconnected === 'ECONNRESET') response.socket?.resetAndDestroy();
  else response.socket?.destroy();
}

/**
 * Gives the whole body, or undefined where it is larger than any request of KMS: the rest is then never read. Of a request
 * that breaks off it gives nothing.
 */
function readBody(message: IncomingMessage, done: (body: Buffer | undefined) => void): void {
  if (Number(message.headers['content-length'] ?? 0) > MAX_BODY_BYTES) {
    done(undefined);
    return;
  }
  const chunks: Buffer[] = [];
  let length = 0;
  message.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length <= MAX_BODY_BYTES) chunks.push(chunk);
    else {
      message.pause().removeAllListeners('data').removeAllListeners('end');
      done(undefined);
    }
  });
  message.on('end', () => {
    const [first] = chunks;
    done(first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks));
  });
}

function wireRequest(message: IncomingMessage, body: Uint8Array): WireRequest {
  const { path, query } = targetOf(message.url ?? '/');
  return {
    method: message.method ?? '',
    path,
    query,
    headers: headersOf(message.rawHeaders),
    body,
    // An IPv4 address that came over an IPv6 socket is still that IPv4 address.
    sourceAddress: (message.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, ''),
  };
}

/** As it was sent, since the signature covers it so: what a URL would make of it may be another path, or none. */
function targetOf(target: string): Pick<WireRequest, 'path' | 'query'> {
  const mark = target.indexOf('?');
  if (mark < 0) return { path: target, query: [] };
  return { path: target.slice(0, mark), query: [...new URLSearchParams(target.slice(mark + 1))] };
}

/** From the raw list, since the parsed object drops repeated headers, and a signature covers all of them. */
function headersOf(raw: readonly string[]): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] ?? '').toLowerCase();
    const value = raw[i + 1] ?? '';
    const earlier = headers.get(name);
    headers.set(name, earlier === undefined ? value : `${earlier},${value}`);
  }
  return headers;
}

function send(response: ServerResponse, answer: WireResponse, last: boolean): void {
  if (response.destroyed) return;
  response.writeHead(answer.status, {
    'content-length': Buffer.byteLength(answer.body),
    ...(last && { connection: 'close' }),
    ...answer.headers,
  });
  // Text is what Node writes together with the head.
  response.end(answer.body);
}
