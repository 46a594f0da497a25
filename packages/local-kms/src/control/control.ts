import type { WireRequest, WireResponse } from '../wire/message.ts';
import type { World } from '../world.ts';
import { moveClock, resetClock, showClock } from './clock.ts';
import { injectFault, listFaults, removeFault, removeFaults } from './faults.ts';
import { refused } from './guard.ts';
import { json, refusal } from './json.ts';
import { statusPage } from './page/page.ts';
import { health, status } from './status.ts';

/** Paths of the local KMS's own; AWS has none like them. */
export const CONTROL_PATH = '/_keysmith/';

type Endpoint = (world: World, request: WireRequest, id: string) => WireResponse;

/** What tests in other processes and languages, and people, do with the local KMS beside calling it. */
const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  'GET /_keysmith/': statusPage,
  'GET /_keysmith/health': health,
  'GET /_keysmith/status': status,
  'POST /_keysmith/reset': reset,
  'GET /_keysmith/clock': showClock,
  'POST /_keysmith/clock': moveClock,
  'DELETE /_keysmith/clock': resetClock,
  'POST /_keysmith/faults': injectFault,
  'GET /_keysmith/faults': listFaults,
  'DELETE /_keysmith/faults': removeFaults,
  'DELETE /_keysmith/faults/<id>': removeFault,
};

export function control(world: World, request: WireRequest): WireResponse {
  const problem = refused(request);
  if (problem !== undefined) return refusal(403, problem);
  const [path = '', id = ''] = named(request.path);
  const name = `${request.method} ${path}`;
  const endpoint = Object.hasOwn(ENDPOINTS, name) ? ENDPOINTS[name] : undefined;
  return endpoint?.(world, request, id) ?? refusal(404, `there are ${Object.keys(ENDPOINTS).join(', ')}`);
}

/** The path of the table, and the id in it. */
function named(path: string): readonly [string, string?] {
  const [, list, id] = /^(\/_keysmith\/\w+\/)([\w-]{1,64})$/.exec(path) ?? [];
  return list === undefined || id === undefined ? [path] : [`${list}<id>`, id];
}

function reset(world: World): WireResponse {
  world.reset();
  return json(204);
}
