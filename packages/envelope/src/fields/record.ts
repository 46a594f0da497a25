import { EnvelopeError } from '../errors.ts';
import { type Pattern, type Place, pathText, type Step } from './path.ts';
import { isPlainObject } from './value.ts';

/** Objects and lists: what a path goes into. */
type Container = Record<string, unknown> | unknown[];

/**
 * The places of a pattern in a record.
 * @throws EnvelopeError `FIELD_MISSING` where a field is not there and need not be optional; `FIELD_INVALID` where the
 * path goes through something else than objects and lists
 */
export function placesOf(record: unknown, pattern: Pattern): Place[][] {
  const found: Place[][] = [];
  const walk = (value: unknown, at: Place[]): void => {
    const step = pattern.steps[at.length];
    if (step === undefined) {
      found.push(at);
      return;
    }
    // What is null or undefined has no fields: as far as the pattern is concerned, they are not there.
    if (value === null || value === undefined) {
      missing(pattern, [...at, step]);
      return;
    }
    const container = containerFor(step, value, at);
    for (const place of placesIn(container, step)) {
      if (has(container, place)) walk(get(container, place), [...at, place]);
      else missing(pattern, [...at, place]);
    }
  };
  walk(record, []);
  return found;
}

function placesIn(container: Container, step: Step): readonly Place[] {
  if (step.kind !== 'every') return [step];
  return Array.from({ length: (container as unknown[]).length }, (_, index) => ({ kind: 'index', index }));
}

function missing(pattern: Pattern, at: readonly Step[]): void {
  if (pattern.optional) return;
  throw new EnvelopeError(
    'FIELD_MISSING',
    `${pathText(at)} is not in the record, which the declared path ${pattern.text} asks for; end the path in ? if ` +
      'records may lack it; KMS was not called',
  );
}

function containerFor(step: Step, value: unknown, at: readonly Place[]): Container {
  const wanted = step.kind === 'key' ? 'an object that holds nothing but its properties' : 'a list';
  if (step.kind === 'key' ? isPlainObject(value) : Array.isArray(value)) return value as Container;
  const what = at.length === 0 ? 'the record' : pathText(at);
  throw new EnvelopeError('FIELD_INVALID', `${what} is not ${wanted}; KMS was not called`);
}

/** The value at a place that {@link placesOf} found. */
export function valueAt(record: unknown, places: readonly Place[]): unknown {
  return places.reduce((value, place) => get(value as Container, place), record);
}

/** A copy of the record without these places. Whatever is not on the way to them is shared with the record. */
export function withoutPlaces(record: Record<string, unknown>, places: readonly (readonly Place[])[]) {
  return copied(record, places, (container, place) => {
    if (place.kind === 'key' && !Array.isArray(container)) delete container[place.key];
    else set(container, place, null);
  });
}

/**
 * A copy of the record with values put where {@link withoutPlaces} took them from.
 * @throws EnvelopeError `RECORD_MISMATCH` where the place is gone, or is taken
 */
export function withValues(record: Record<string, unknown>, values: readonly (readonly [readonly Place[], unknown])[]) {
  const byPlaces = new Map(values);
  return copied(record, [...byPlaces.keys()], (container, place, places) => {
    const free =
      place.kind === 'key' ? !has(container, place) : get(container, place) === null && has(container, place);
    if (!free) throw mismatch(places, place.kind === 'key' ? 'is there in clear' : 'is not null as it was left');
    set(container, place, byPlaces.get(places));
  });
}

function copied(
  record: Record<string, unknown>,
  paths: readonly (readonly Place[])[],
  change: (container: Container, place: Place, path: readonly Place[]) => void,
): Record<string, unknown> {
  const root = shallowCopy(record) as Record<string, unknown>;
  const copies = new Set<unknown>([root]);
  for (const path of paths) {
    let container: Container = root;
    for (const [index, place] of path.entries()) {
      if (!suits(container, place)) throw mismatch(path, 'has no place any more');
      if (index === path.length - 1) {
        change(container, place, path);
        break;
      }
      let next = has(container, place) ? get(container, place) : undefined;
      if (!copies.has(next)) {
        if (!isPlainObject(next) && !Array.isArray(next)) throw mismatch(path, 'has no place any more');
        next = shallowCopy(next);
        copies.add(next);
        set(container, place, next);
      }
      container = next as Container;
    }
  }
  return root;
}

function suits(container: Container, place: Place): boolean {
  return Array.isArray(container) === (place.kind === 'index');
}

function mismatch(places: readonly Place[], what: string): EnvelopeError {
  return new EnvelopeError('RECORD_MISMATCH', `${pathText(places)} ${what}; the sealed fields do not fit this record`);
}

function has(container: Container, place: Place): boolean {
  return Object.hasOwn(container, keyOf(place));
}

function get(container: Container, place: Place): unknown {
  return (container as Record<string | number, unknown>)[keyOf(place)];
}

/** Defines instead of assigning: a key called `__proto__` is a key. */
function set(container: Container, place: Place, value: unknown): void {
  Object.defineProperty(container, keyOf(place), { value, writable: true, enumerable: true, configurable: true });
}

function keyOf(place: Place): string | number {
  return place.kind === 'key' ? place.key : place.index;
}

function shallowCopy(container: Container): Container {
  if (Array.isArray(container)) return [...container];
  const copy: Record<string, unknown> = Object.getPrototypeOf(container) === null ? Object.create(null) : {};
  for (const [key, value] of Object.entries(container)) set(copy, { kind: 'key', key }, value);
  return copy;
}
