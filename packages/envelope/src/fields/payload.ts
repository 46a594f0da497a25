import { EnvelopeError } from '../errors.ts';
import { type Pattern, type Place, parsePlaces, pathText } from './path.ts';
import { type Plan, SEALED } from './plan.ts';
import { placesOf, valueAt, withoutPlaces, withValues } from './record.ts';
import { decodeValue, encodeValue, isPlainObject, notSealed } from './value.ts';

/** Version of what is encrypted; nothing else is read. */
const VERSION = 1;

/** Scalars that name a record, in the order of their paths. */
export function identityOf(plan: Plan, record: unknown): unknown[] {
  return plan.identity.map((pattern) => {
    const [places = []] = placesOf(record, pattern);
    const value = valueAt(record, places);
    if (value === null || !['string', 'number', 'bigint', 'boolean'].includes(typeof value)) {
      throw new EnvelopeError(
        'FIELD_INVALID',
        `identity ${pattern.text} is not text, a number, a bigint or a boolean; KMS was not called`,
      );
    }
    return [pathText(places), encodeValue(value, places)];
  });
}

/** The record without its fields, and the text to be encrypted. */
export function taken(plan: Plan, record: unknown): { rest: Record<string, unknown>; payload: string } {
  if (!isPlainObject(record)) throw new EnvelopeError('INVALID_INPUT', 'the record is not a plain object');
  if (Object.hasOwn(record, SEALED)) {
    throw new EnvelopeError('FIELD_INVALID', `the record has a ${SEALED} already; open it before you seal it again`);
  }
  const places = plan.patterns.flatMap((pattern) => placesOf(record, pattern));
  const payload = {
    version: VERSION,
    identity: identityOf(plan, record),
    fields: places.map((at) => [pathText(at), encodeValue(valueAt(record, at), at)]),
  };
  return { rest: withoutPlaces(record, places), payload: JSON.stringify(payload) };
}

/** The record without its message, and the message. */
export function sealedOf(record: unknown): { rest: Record<string, unknown>; message: string } {
  const message = isPlainObject(record) && Object.hasOwn(record, SEALED) ? record[SEALED] : undefined;
  if (typeof message !== 'string') {
    throw new EnvelopeError('INVALID_INPUT', `the record is not a plain object with a text ${SEALED}`);
  }
  const rest = withoutPlaces(record as Record<string, unknown>, [[{ kind: 'key', key: SEALED }]]);
  return { rest, message };
}

/** What a message of sealed fields holds. */
export interface Payload {
  readonly identity: unknown;
  readonly fields: readonly (readonly [readonly Place[], unknown])[];
}

/**
 * What was sealed, from the plaintext, which is wiped.
 * @throws EnvelopeError `PLAINTEXT_FORMAT` when it is something else
 */
export function payloadOf(bytes: Uint8Array): Payload {
  let parsed: { version?: unknown; identity?: unknown; fields?: unknown } | null;
  try {
    parsed = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString());
  } catch {
    throw notSealed();
  } finally {
    bytes.fill(0);
  }
  if (parsed?.version !== VERSION || !Array.isArray(parsed.fields)) throw notSealed();
  const fields = parsed.fields.map((entry: unknown) => {
    const [text, encoded] = Array.isArray(entry) ? entry : [];
    const places = typeof text === 'string' ? parsePlaces(text) : undefined;
    if (places === undefined) throw notSealed();
    return [places, decodeValue(encoded)] as const;
  });
  return { identity: parsed.identity, fields };
}

/** The record with its fields, once it is certain that it has exactly the fields that were sealed. */
export function restored(
  plan: Plan,
  rest: Record<string, unknown>,
  sealed: Payload['fields'],
): Record<string, unknown> {
  const record = withValues(rest, sealed);
  const there = new Set(plan.patterns.flatMap((pattern) => placesAgain(record, pattern)));
  for (const [places] of sealed) {
    if (!there.delete(pathText(places))) throw notSealed();
  }
  const [extra] = there;
  if (extra !== undefined) {
    throw new EnvelopeError('RECORD_MISMATCH', `${extra} is there in clear; it was not sealed with this record`);
  }
  return record;
}

function placesAgain(record: unknown, pattern: Pattern): string[] {
  try {
    return placesOf(record, pattern).map(pathText);
  } catch {
    throw new EnvelopeError(
      'RECORD_MISMATCH',
      `the record has places for ${pattern.text} that were not sealed with it`,
    );
  }
}
