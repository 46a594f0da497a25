import { AccessError } from '../../errors.ts';
import { LIMITS, within } from '../../limits.ts';
import type { Json } from '../../parsing/findings.ts';

/** Where something stands in a file; both counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** What the text of a template holds, and where its resources are declared. */
export interface TemplateText<T = unknown> {
  readonly json: T;
  readonly positions: ReadonlyMap<string, Position>;
}

/** A text that holds an object. */
export type Template = TemplateText<Json>;

/**
 * Reads the text of a JSON template. Depth and number of its values are limited before anything is built of them.
 * @throws {AccessError} `MALFORMED_TEMPLATE` or `LIMIT_EXCEEDED`
 */
export function readJsonText(text: string, name: string): TemplateText {
  const positions = scan(text, name);
  try {
    return { json: JSON.parse(text), positions };
  } catch (cause) {
    // The message of the parser quotes the text, of which it is not known what it holds.
    throw new AccessError('MALFORMED_TEMPLATE', `${name} is not JSON: it is cut off, or altered`, [], { cause });
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NEWLINE = 0x0a;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSE: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/** Goes over the text once, without recursion: counts, and notes where the members of `Resources` begin. */
function scan(text: string, name: string): ReadonlyMap<string, Position> {
  const positions = new Map<string, Position>();
  let [depth, nodes, line, lineStart] = [0, 1, 1, 0];
  let inResources = false;
  const where = () => `${name}:${line}`;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === NEWLINE) {
      line++;
      lineStart = at + 1;
    } else if (OPEN.has(character)) within(LIMITS.depth, ++depth, where);
    else if (CLOSE.has(character)) depth--;
    else if (character === COMMA) within(LIMITS.nodes, ++nodes, where);
    else if (character === QUOTE) {
      const end = endOfString(text, at);
      if (depth <= 2 && isMember(text, end + 1)) {
        const member = unquoted(text.slice(at, end + 1));
        if (depth === 1) inResources = member === 'Resources';
        else if (inResources) positions.set(member, { line, column: at - lineStart + 1 });
      }
      at = end;
    }
  }
  return positions;
}

/** Index of the closing quote; the last character where there is none. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === BACKSLASH) at++;
    else if (character === QUOTE) return at;
  }
  return text.length - 1;
}

function isMember(text: string, from: number): boolean {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= 0x20) at++;
  return text.charCodeAt(at) === COLON;
}

function unquoted(literal: string): string {
  try {
    return String(JSON.parse(literal));
  } catch {
    return literal;
  }
}
