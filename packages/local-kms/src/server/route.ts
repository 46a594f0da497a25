import { newCall, performKms } from '../call/kms-call.ts';
import { CONTROL_PATH, control } from '../control/control.ts';
import { refusedPage } from '../control/guard.ts';
import { performSts } from '../sts/sts-call.ts';
import { MAX_BODY_BYTES, type Outcome, type Postponed, type WireRequest, type WireResponse } from '../wire/message.ts';
import type { World } from '../world.ts';

/** Sends a request to the service that it is for: one address serves KMS and STS. */
export function route(world: World, request: WireRequest): Outcome | Promise<Outcome> {
  const { body, path, method, headers } = request;
  if (body.length > MAX_BODY_BYTES) return atOnce(plain(413, 'the request is too large'));
  if (path.startsWith(CONTROL_PATH)) {
    const controlled = () => atOnce(control(world, request));
    return method === 'GET' ? controlled() : inTurn(world, controlled);
  }
  const problem = world.mode === 'off' ? refusedPage(request) : undefined;
  if (problem !== undefined) return atOnce(plain(403, problem));
  // Clients that show somebody else who they are hand out a presigned GET of STS. STS changes nothing that is kept.
  if (method === 'GET' && path === '/' && isOfSts(request)) return performSts(world, request).then(atOnce);
  if (method !== 'POST' || path !== '/') return atOnce(plain(404, 'KMS and STS are asked with POST /'));
  if (headers.get('content-type')?.startsWith('application/x-www-form-urlencoded')) {
    return performSts(world, request).then(atOnce);
  }
  const call = newCall(world, request);
  return inTurn(world, () => performKms(world, call));
}

function isOfSts({ query }: WireRequest): boolean {
  return query.some(([name]) => name === 'Action');
}

/** Performs when its turn has come, and once more as long as it is postponed, unless the KMS is closed or reset before. */
function inTurn(world: World, perform: () => Outcome | Postponed): Outcome | Promise<Outcome> {
  const again = (performed: Outcome | Postponed): Outcome | Promise<Outcome> =>
    'until' in performed
      ? world.lateAnswers.until(performed.until).then((kept) => (kept ? inTurn(world, perform) : GIVEN_UP))
      : performed;
  const performed = world.turns === undefined ? perform() : world.turns.take(perform);
  return performed instanceof Promise ? performed.then(again) : again(performed);
}

const GIVEN_UP: Outcome = { answer: { disconnected: 'ECONNRESET' }, afterMillis: 0 };

function atOnce(answer: WireResponse): Outcome {
  return { answer, afterMillis: 0 };
}

/** An answer to what is no request of either service. */
export function plain(status: number, text: string): WireResponse {
  return { status, headers: { 'content-type': 'text/plain' }, body: `${text}\n` };
}
