import { LocalKmsError, shown } from '../errors.ts';
import type { WireRequest, WireResponse } from '../wire/message.ts';
import type { World } from '../world.ts';
import { withJson } from './body.ts';
import { json } from './json.ts';

export function showClock({ clock }: World): WireResponse {
  return json(200, { now: clock.now().toISOString(), movedByMillis: clock.movedBy });
}

/** `{ "advanceMillis": … }` moves it on, `{ "set": "2027-01-01T00:00:00Z" }` sets it. */
export function moveClock(world: World, request: WireRequest): WireResponse {
  return withJson(request, (given) => {
    const { advanceMillis, set, ...others } = given;
    if (Object.keys(others).length > 0 || (advanceMillis === undefined) === (set === undefined)) {
      throw new LocalKmsError(
        'INVALID_OPTION',
        'the body has either advanceMillis, a number, or set, a date in ISO 8601',
      );
    }
    if (set === undefined) world.clock.advance(Number(typeof advanceMillis === 'number' ? advanceMillis : Number.NaN));
    else world.clock.set(dateOf(set));
    return showClock(world);
  });
}

export function resetClock(world: World): WireResponse {
  world.clock.reset();
  return showClock(world);
}

/** With its offset from UTC: the local time of this machine means nothing to another. */
const DATE = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/;

function dateOf(text: unknown): Date {
  const date = new Date(typeof text === 'string' && DATE.test(text) ? text : Number.NaN);
  if (!Number.isNaN(date.getTime())) return date;
  throw new LocalKmsError('INVALID_OPTION', `set must be a date such as 2027-01-01T00:00:00Z, not ${shown(text)}`);
}
