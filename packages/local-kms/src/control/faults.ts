import type { InjectedFault } from '../injection/injection.ts';
import type { WireRequest, WireResponse } from '../wire/message.ts';
import type { World } from '../world.ts';
import { withJson } from './body.ts';
import { json, refusal } from './json.ts';

export function injectFault({ faultPlan }: World, request: WireRequest): WireResponse {
  return withJson(request, (given) => json(201, shownFault(faultPlan.inject(given))));
}

export function listFaults({ faultPlan }: World): WireResponse {
  return json(200, { faults: faultPlan.list().map(shownFault) });
}

export function removeFaults({ faultPlan }: World): WireResponse {
  faultPlan.removeAll();
  return json(204);
}

export function removeFault({ faultPlan }: World, _request: WireRequest, id: string): WireResponse {
  const fault = faultPlan.list().find((one) => one.id === id);
  fault?.remove();
  return fault === undefined ? refusal(404, 'no injected fault has this id') : json(204);
}

export function shownFault({ id, injection, fired }: InjectedFault): Record<string, unknown> {
  return { id, fired, ...injection };
}
