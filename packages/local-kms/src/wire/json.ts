import type { Fault } from './fault.ts';
import type { WireResponse } from './message.ts';
import { faults } from './texts.ts';

/** AWS JSON 1.1, the one protocol of KMS. */
const CONTENT_TYPE = 'application/x-amz-json-1.1';

/** Throws where bytes are none of UTF-8. */
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** @throws Fault SerializationException */
export function readJson(body: Uint8Array): Readonly<Record<string, unknown>> {
  let json: unknown;
  try {
    json = JSON.parse(UTF8.decode(body));
  } catch {
    throw faults.serialization('the body is not JSON');
  }
  if (!isObject(json)) throw faults.serialization('the body is not a JSON object');
  return json;
}

/** An answer: bytes as base64, instants as seconds. The bytes are wiped, the answer has taken them over. */
export function writeAnswer(answer: Readonly<Record<string, unknown>> | undefined): WireResponse {
  return {
    status: 200,
    headers: { 'content-type': CONTENT_TYPE },
    body: answer === undefined ? '' : answerText(answer),
  };
}

/** Member by member, since most are short texts: an object to be written would be made for nothing. */
function answerText(answer: Readonly<Record<string, unknown>>): string {
  let text = '';
  for (const name of Object.keys(answer)) {
    const value = answer[name];
    // Nothing in base64 is to be escaped.
    const written = value instanceof Uint8Array ? `"${base64(value)}"` : JSON.stringify(wireValue(value));
    // A member without a value is not there. Names are those of the operation table.
    if (written !== undefined) text += text === '' ? `"${name}":${written}` : `,"${name}":${written}`;
  }
  return `{${text}}`;
}

/** Statuses of what is not the client's fault, by the service model; everything else is 400. */
const SERVER_FAULTS: ReadonlyMap<string, number> = new Map([
  ['DependencyTimeoutException', 503],
  ['KeyUnavailableException', 500],
  ['KMSInternalException', 500],
]);

/** An error. `AccessDeniedException` has a capital `Message`; where KMS says nothing the member is absent. */
export function writeFault({ exception, text }: Fault): WireResponse {
  const member = exception === 'AccessDeniedException' ? 'Message' : 'message';
  const answer = { __type: exception, ...(text !== undefined && { [member]: text }) };
  return {
    status: SERVER_FAULTS.get(exception) ?? 400,
    headers: { 'content-type': CONTENT_TYPE },
    body: JSON.stringify(answer),
  };
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wireValue(value: unknown): unknown {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return base64(value);
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(wireValue);
  return isObject(value) ? wireMembers(value) : value;
}

function base64(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  bytes.fill(0);
  return text;
}

function wireMembers(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  // Without a prototype: names of tags and contexts are the client's.
  const written: Record<string, unknown> = Object.create(null);
  for (const name of Object.keys(members)) written[name] = wireValue(members[name]);
  return written;
}
