import { CALLED_VIA_HEADER, type ClaimedWay, ENDPOINT_HEADER, VIA_HEADER } from '../authorize/way.ts';
import type { WireRequest } from '../wire/message.ts';
import type { World } from '../world.ts';
import { route } from './route.ts';

/** A request as the SDK for JavaScript hands it to a request handler. */
export interface HandlerRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** An answer as the SDK expects it. */
export interface HandlerResponse {
  readonly response: {
    statusCode: number;
    headers: Record<string, string>;
    body: Uint8Array;
  };
}

/**
 * A request handler of the SDK for JavaScript, version 3, that calls the local KMS without a socket. Requests are signed
 * by the SDK and verified here as if they had come over one.
 */
export interface InProcessHandler {
  readonly metadata: { readonly handlerProtocol: string };
  handle(request: HandlerRequest, options?: { readonly abortSignal?: unknown }): Promise<HandlerResponse>;
  updateHttpClientConfig(key: never, value: never): void;
  httpHandlerConfigs(): Record<string, never>;
  destroy(): void;
}

/** @param way - what every request of the client claims about its way */
export function inProcessHandler(world: World, way: ClaimedWay = {}): InProcessHandler {
  const claimed = headersOfWay(way);
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request, options) {
      throwIfAborted(options?.abortSignal);
      if (world.closed()) throw networkError('ECONNREFUSED');
      const routed = route(world, wireRequest(request, claimed));
      const outcome = routed instanceof Promise ? await routed : routed;
      throwIfAborted(options?.abortSignal);
      if (outcome.afterMillis > 0) await waited(world, outcome.afterMillis, options?.abortSignal);
      const { answer } = outcome;
      if ('disconnected' in answer) throw networkError(answer.disconnected);
      return {
        response: { statusCode: answer.status, headers: { ...answer.headers }, body: UTF8.encode(answer.body) },
      };
    },
    // There is no connection to configure, and nothing to close.
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    destroy: () => undefined,
  };
}

const UTF8 = new TextEncoder();

/** Waits until the time of an answer has come. @throws the error that a client over a socket would see instead */
async function waited({ lateAnswers }: World, millis: number, signal: unknown): Promise<void> {
  if (await lateAnswers.wait(millis, (giveUp) => onAbort(signal, giveUp))) return;
  throwIfAborted(signal);
  throw networkError('ECONNRESET');
}

/** As Node makes it, and named as the SDK's own handler names it: by the name the SDK knows what may be tried again. */
function networkError(code: 'ECONNRESET' | 'ECONNREFUSED'): Error {
  const syscall = code === 'ECONNRESET' ? 'read' : 'connect';
  const error = Object.assign(new Error(`${syscall} ${code}`), { code, syscall });
  return code === 'ECONNRESET' ? Object.assign(error, { name: 'TimeoutError' }) : error;
}

/** The name is what the SDK looks for. */
function throwIfAborted(signal: unknown): void {
  if (typeof signal !== 'object' || signal === null || !('aborted' in signal) || signal.aborted !== true) return;
  throw Object.assign(new Error('Request aborted'), { name: 'AbortError' });
}

/** Calls back when the signal aborts; the function that it returns ends that. */
function onAbort(signal: unknown, callback: () => void): () => void {
  if (!(signal instanceof EventTarget)) return () => undefined;
  signal.addEventListener('abort', callback);
  return () => signal.removeEventListener('abort', callback);
}

function headersOfWay({ via, calledVia, vpcEndpoint }: ClaimedWay): readonly (readonly [string, string])[] {
  return [
    ...(via === undefined ? [] : [[VIA_HEADER, via] as const]),
    ...(calledVia === undefined ? [] : [[CALLED_VIA_HEADER, calledVia.join(',')] as const]),
    ...(vpcEndpoint === undefined ? [] : [[ENDPOINT_HEADER, vpcEndpoint] as const]),
  ];
}

function wireRequest(request: HandlerRequest, claimed: readonly (readonly [string, string])[]): WireRequest {
  const headers = new Map<string, string>();
  for (const name of Object.keys(request.headers)) headers.set(name.toLowerCase(), request.headers[name] ?? '');
  for (const [name, value] of claimed) headers.set(name, value);
  return {
    method: request.method,
    path: request.path,
    query: request.query === undefined ? NO_QUERY : pairsOf(request.query),
    headers,
    body: bytesOf(request.body),
    sourceAddress: '127.0.0.1',
  };
}

const NO_QUERY: WireRequest['query'] = [];

function pairsOf(query: NonNullable<HandlerRequest['query']>): WireRequest['query'] {
  return Object.entries(query).flatMap(([name, value]) =>
    [value ?? ''].flat().map((one): [string, string] => [name, one]),
  );
}

function bytesOf(body: unknown): Uint8Array {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === 'string') return Buffer.from(body, 'utf8');
  if (body instanceof Uint8Array) return body;
  throw new TypeError('the body must be text or bytes: requests of KMS and STS are never streamed');
}
