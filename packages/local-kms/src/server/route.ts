import { performKms } from '../call/kms-call.ts';
import { performSts } from '../sts/sts-call.ts';
import { MAX_BODY_BYTES, type WireRequest, type WireResponse } from '../wire/message.ts';
import type { World } from '../world.ts';

/** Sends a request to the service that it is for: one address serves KMS and STS. */
export function route(world: World, request: WireRequest): WireResponse {
  if (request.body.length > MAX_BODY_BYTES) return plain(413, 'the request is too large');
  if (request.method !== 'POST' || request.path !== '/') return plain(404, 'KMS and STS are asked with POST /');
  const contentType = request.headers.get('content-type') ?? '';
  return contentType.startsWith('application/x-www-form-urlencoded')
    ? performSts(world, request)
    : performKms(world, request);
}

/** An answer to what is no request of either service. */
export function plain(status: number, text: string): WireResponse {
  return { status, headers: { 'content-type': 'text/plain' }, body: Buffer.from(`${text}\n`, 'utf8') };
}
