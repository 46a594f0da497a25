import { type MemberNode, type ObjectNode, parse, type ValueNode } from '@humanwhocodes/momoa';
import { InvalidArgumentError } from 'commander';
import { CliError } from '../errors.ts';
import { given } from '../options.ts';

/** Where in an object something is. */
export interface MemberPath {
  /** As it was typed. */
  readonly text: string;
  /** From the outside to the inside, at least one. */
  readonly names: readonly string[];
  /** Whether an object may lack it. */
  readonly optional: boolean;
}

/**
 * The path to a member: its name, or a JSON Pointer (RFC 6901) to one that is further inside. A question mark at the end
 * says that a line may lack it.
 */
export function memberPath(typed: string): MemberPath {
  const optional = given(typed).endsWith('?');
  const text = optional ? typed.slice(0, -1) : typed;
  const names = text.startsWith('/') ? text.slice(1).split('/').map(unescaped) : [text];
  if (names.includes('')) {
    throw new InvalidArgumentError('It must be the name of a member, or a JSON Pointer such as /Item/token/B.');
  }
  return { text, names, optional };
}

function unescaped(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** A JSON object as text: what is asked for is read, what is not replaced stays as it is, byte for byte. */
export interface JsonObject {
  /**
   * The member at a path; `undefined` when it is not there, or is null.
   * @throws {@link CliError} `REFUSED` when it is there twice: programs differ about which of the two counts
   */
  find(path: MemberPath): Member | undefined;
}

/** One member of a JSON object. */
export interface Member {
  /** Its value as JSON text, as it is written. */
  readonly json: string;
  /** Its value, when that is a string. */
  readonly string: string | undefined;
  /**
   * The whole object's text with another value, and if asked for under another name.
   * @throws {@link CliError} `REFUSED` when there is a member of that name already
   */
  replace(json: string, name?: string): string;
}

/**
 * Reads a line as JSON.
 * @throws {@link CliError} `REFUSED`, without what is in the line
 */
export function readObject(line: Uint8Array): JsonObject {
  const { mark, text, root } = parsed(line);
  return {
    find(path) {
      let parent = root;
      for (const name of path.names.slice(0, -1)) {
        const inside = only(parent, name, path)?.value;
        if (inside?.type !== 'Object') return undefined;
        parent = inside;
      }
      const found = only(parent, path.names.at(-1) ?? '', path);
      return found === undefined || found.value.type === 'Null' ? undefined : memberOf({ mark, text }, parent, found);
    },
  };
}

/**
 * The member that has to be there; `undefined` when it may be missing, and is.
 * @throws {@link CliError} `REFUSED`
 */
export function required(object: JsonObject, path: MemberPath): Member | undefined {
  const member = object.find(path);
  if (member !== undefined || path.optional) return member;
  throw refused(`there is no member ${path.text}`);
}

/**
 * The string that a member has to be.
 * @throws {@link CliError} `REFUSED`
 */
export function stringOf({ string }: Member, path: MemberPath): string {
  if (string === undefined) throw refused(`the member ${path.text} is not a string`);
  return string;
}

function memberOf({ mark, text }: Text, parent: ObjectNode, { name, value }: MemberNode): Member {
  const [nameFrom, nameTo] = rangeOf(name);
  const [from, to] = rangeOf(value);
  const own = nameOf(name);
  return {
    json: text.slice(from, to),
    string: value.type === 'String' ? value.value : undefined,
    replace: (json, other = own) => {
      if (other !== own && parent.members.some((member) => nameOf(member.name) === other)) {
        throw refused(`there is a member ${other} already`);
      }
      const newName = other === own ? text.slice(nameFrom, nameTo) : JSON.stringify(other);
      return mark + text.slice(0, nameFrom) + newName + text.slice(nameTo, from) + json + text.slice(to);
    },
  };
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What some programs begin a file of UTF-8 with. JSON may be read without it (RFC 8259, section 8.1). */
const BYTE_ORDER_MARK = '\ufeff';

interface Text {
  /** The byte order mark, or nothing. */
  readonly mark: string;
  /** What follows it. */
  readonly text: string;
}

function parsed(line: Uint8Array): Text & { readonly root: ObjectNode } {
  let root: ValueNode;
  let text: string;
  let mark: string;
  try {
    const whole = utf8.decode(line);
    mark = whole.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
    text = whole.slice(mark.length);
    // Stricter in a few places than what tells where things are.
    JSON.parse(text);
    root = parse(text, { mode: 'json', ranges: true }).body;
  } catch {
    // Without the cause, which quotes what it read.
    throw refused('it is not JSON');
  }
  if (root.type !== 'Object') throw refused('it is JSON, but not an object');
  return { mark, text, root };
}

function only(parent: ObjectNode, name: string, path: MemberPath): MemberNode | undefined {
  const [found, another] = parent.members.filter((member) => nameOf(member.name) === name);
  if (another !== undefined) throw refused(`the member ${path.text} is there twice`);
  return found;
}

function nameOf(name: MemberNode['name']): string {
  return name.type === 'String' ? name.value : name.name;
}

function rangeOf({ range }: { range?: readonly number[] }): readonly [number, number] {
  const [from = 0, to = 0] = range ?? [];
  return [from, to];
}

function refused(problem: string): CliError {
  return new CliError('REFUSED', problem);
}
