import { madeOnce } from '../made-once.ts';
import { isObject } from '../wire/json.ts';
import { faults } from '../wire/texts.ts';
import type { BlobMember, Member, NumberMember, Schema, StringMember } from './schema.ts';

/** Violations that an answer tells: one that told every wrong element of a list would be a hundred times the request. */
const MAX_VIOLATIONS = 20;
/** Characters of a value that a violation repeats. */
const MAX_SHOWN = 1024;

/**
 * Checks a JSON object against a schema and gives the input for the handler: blobs decoded, maps made `Map`s, unknown
 * members dropped, `null` members absent (boto3 sends them), violations told at once in AWS's constraint form.
 *
 * @throws Fault ValidationException for a violated constraint, SerializationException for a value of another JSON type
 */
export function validate(schema: Schema, body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const violations: string[] = [];
  const input = structure(schema, body, '', violations);
  if (violations.length > 0) {
    const count = violations.length === 1 ? '1 validation error' : `${violations.length} validation errors`;
    throw faults.validation(`${count} detected: ${violations.join('; ')}`);
  }
  return input;
}

function structure(
  schema: Schema,
  body: Readonly<Record<string, unknown>>,
  prefix: string,
  violations: string[],
): Record<string, unknown> {
  // Without a prototype, so that a member of the schema is never found on Object.prototype.
  const input: Record<string, unknown> = Object.create(null);
  for (const { name, member, shown } of membersOf(schema)) {
    if (violations.length >= MAX_VIOLATIONS) break;
    const path = prefix + shown;
    const sent = Object.hasOwn(body, name) ? body[name] : undefined;
    if (sent === undefined || sent === null) {
      if (member.required)
        violations.push(`Value null at '${path}' failed to satisfy constraint: Member must not be null`);
      continue;
    }
    input[name] = value(member, sent, path, violations);
  }
  return input;
}

interface NamedMember {
  readonly name: string;
  readonly member: Member;
  /** As violations name it. */
  readonly shown: string;
}

const membersOf = madeOnce((schema: Schema): readonly NamedMember[] =>
  Object.entries(schema).map(([name, member]) => ({ name, member, shown: lowerCamel(name) })),
);

function value(member: Member, sent: unknown, path: string, violations: string[]): unknown {
  switch (member.type) {
    case 'string':
      return text(member, sent, path, violations);
    case 'number':
      return integer(member, sent, path, violations);
    case 'boolean':
      if (typeof sent !== 'boolean') throw wrongType(path, 'a boolean');
      return sent;
    case 'timestamp':
      return instant(sent, path);
    case 'blob':
      return blob(member, sent, path, violations);
    case 'map':
      return map(sent, path);
    case 'list': {
      if (!Array.isArray(sent)) throw wrongType(path, 'a list');
      if (member.max !== undefined && sent.length > member.max) {
        violations.push(`Value at '${path}' failed to satisfy constraint: ${lengthAtMost(member.max)}`);
        return [];
      }
      const elements: unknown[] = [];
      for (const element of sent) {
        if (violations.length >= MAX_VIOLATIONS) break;
        // AWS counts list elements from 1.
        elements.push(value(member.of, element, `${path}.${elements.length + 1}.member`, violations));
      }
      return elements;
    }
    case 'structure':
      if (!isObject(sent)) throw wrongType(path, 'an object');
      return structure(member.members, sent, `${path}.`, violations);
  }
}

function text(member: StringMember, sent: unknown, path: string, violations: string[]): string {
  if (typeof sent !== 'string') throw wrongType(path, 'a string');
  const violated = (rule: string) => {
    const sentValue = member.sensitive ? 'Value' : `Value '${sent.slice(0, MAX_SHOWN)}'`;
    violations.push(`${sentValue} at '${path}' failed to satisfy constraint: ${rule}`);
  };
  if (member.min !== undefined && sent.length < member.min) violated(lengthAtLeast(member.min));
  if (member.max !== undefined && sent.length > member.max) violated(lengthAtMost(member.max));
  if (member.pattern !== undefined && !member.pattern.test(sent)) {
    violated(`Member must satisfy regular expression pattern: ${member.pattern.source}`);
  }
  if (member.values !== undefined && !member.values.includes(sent)) {
    violated(`Member must satisfy enum value set: [${member.values.join(', ')}]`);
  }
  return sent;
}

function integer(member: NumberMember, sent: unknown, path: string, violations: string[]): number {
  if (typeof sent !== 'number' || !Number.isSafeInteger(sent)) throw wrongType(path, 'an integer');
  const violated = (rule: string) =>
    violations.push(`Value '${sent}' at '${path}' failed to satisfy constraint: ${rule}`);
  if (member.min !== undefined && sent < member.min) {
    violated(`Member must have value greater than or equal to ${member.min}`);
  }
  if (member.max !== undefined && sent > member.max) {
    violated(`Member must have value less than or equal to ${member.max}`);
  }
  return sent;
}

/** The range of a Date is 100 million days around 1970. */
const MAX_SECONDS = 8.64e12;

function instant(sent: unknown, path: string): Date {
  if (typeof sent !== 'number' || !(Math.abs(sent) <= MAX_SECONDS)) throw wrongType(path, 'a timestamp');
  return new Date(Math.round(sent * 1000));
}

/** The value of a blob is not repeated in the violation: it may be a plaintext. */
function blob(member: BlobMember, sent: unknown, path: string, violations: string[]): Uint8Array {
  if (typeof sent !== 'string') throw wrongType(path, 'base64 text');
  const violated = (rule: string) => violations.push(`Value at '${path}' failed to satisfy constraint: ${rule}`);
  const length = base64Length(sent);
  if (length === undefined) throw wrongType(path, 'base64 text');
  // Both limits hold before anything is decoded.
  if (length < member.min) violated(lengthAtLeast(member.min));
  else if (length > member.max) violated(lengthAtMost(member.max));
  else {
    // Not of Buffer's shared pool, which plaintexts have no place in.
    const bytes = Buffer.alloc(length);
    bytes.write(sent, 'base64');
    return bytes;
  }
  return new Uint8Array();
}

/** Number of bytes that the text stands for, or undefined where it is not base64. */
function base64Length(text: string): number | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return (text.length / 4) * 3 - padding;
}

function map(sent: unknown, path: string): ReadonlyMap<string, string> {
  if (!isObject(sent)) throw wrongType(path, 'an object');
  const entries = new Map<string, string>();
  for (const [key, entry] of Object.entries(sent)) {
    if (typeof entry !== 'string') throw wrongType(path, 'a map of string to string');
    entries.set(key, entry);
  }
  return entries;
}

const lengthAtLeast = (min: number) => `Member must have length greater than or equal to ${min}`;
const lengthAtMost = (max: number) => `Member must have length less than or equal to ${max}`;
const wrongType = (path: string, wanted: string) => faults.serialization(`'${path}' is not ${wanted}`);

/** `KeyId` → `keyId`: violations name members as AWS's own do. */
function lowerCamel(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
