import { LocalKmsError } from '../errors.ts';
import type { InjectedFault } from '../injection/injection.ts';
import { readJson } from '../wire/json.ts';
import type { WireRequest, WireResponse } from '../wire/message.ts';
import type { World } from '../world.ts';
import { isLoopback } from './loopback.ts';

/** Paths of the local KMS's own; AWS has none like them. */
export const CONTROL_PATH = '/_keysmith/';
const FAULTS = '/_keysmith/faults';

/**
 * What tests in other processes and languages do with the local KMS beside calling it. It is not signed, since it gives
 * nobody a key; but it is for this machine alone, and not for web pages that somebody on it reads.
 *
 * - `POST /_keysmith/faults` injects a fault, `GET` lists them, `DELETE` removes all, `DELETE /_keysmith/faults/<id>` one
 */
export function control(world: World, request: WireRequest): WireResponse {
  const { method, path, sourceAddress, headers } = request;
  if (!isLoopback(sourceAddress) || !isLoopback(hostOf(headers.get('host')))) {
    return refusal(403, 'only programs on the same machine may do this, at a loopback address');
  }
  if (path === FAULTS && method === 'POST') return inject(world, request);
  if (path === FAULTS && method === 'GET') return json(200, { faults: world.faultPlan.list().map(shown) });
  if (path === FAULTS && method === 'DELETE') {
    world.faultPlan.removeAll();
    return json(204);
  }
  if (path.startsWith(`${FAULTS}/`) && method === 'DELETE') {
    const fault = world.faultPlan.list().find(({ id }) => path === `${FAULTS}/${id}`);
    fault?.remove();
    return fault === undefined ? refusal(404, 'no injected fault has this id') : json(204);
  }
  return refusal(404, `there are POST, GET and DELETE ${FAULTS}, and DELETE ${FAULTS}/<id>`);
}

/** The host that a request was for: that of a web page whose own name was made to mean this machine is another one. */
function hostOf(header = ''): string {
  return URL.canParse(`http://${header}`) ? new URL(`http://${header}`).hostname.replace(/^\[(.*)\]$/, '$1') : '';
}

function inject({ faultPlan }: World, { headers, body }: WireRequest): WireResponse {
  // A type that no page of another origin may send unasked.
  if (!headers.get('content-type')?.startsWith('application/json')) {
    return refusal(415, 'the body must have the content-type application/json');
  }
  try {
    return json(201, shown(faultPlan.inject(readJson(body))));
  } catch (error) {
    if (error instanceof LocalKmsError) return refusal(400, error.message);
    return refusal(400, 'the body must be a JSON object');
  }
}

function shown({ id, injection, fired }: InjectedFault): Record<string, unknown> {
  return { id, fired, ...injection };
}

function refusal(status: number, message: string): WireResponse {
  return json(status, { message });
}

function json(status: number, value?: unknown): WireResponse {
  const body = Buffer.from(value === undefined ? '' : `${JSON.stringify(value)}\n`, 'utf8');
  return { status, headers: { 'content-type': 'application/json' }, body };
}
