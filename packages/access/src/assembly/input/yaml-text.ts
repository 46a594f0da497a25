import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';
import { AccessError } from '../../errors.ts';
import { LIMITS, within } from '../../limits.ts';
import type { Position, TemplateText } from './json-text.ts';
import { checkYamlTokens } from './yaml-tokens.ts';

/**
 * Reads the text of a YAML template with CloudFormation's short forms (`!Ref`, `!GetAtt a.b`, `!Sub`). What YAML takes
 * for a number or date but JSON would write otherwise stays as it is written: account numbers keep their zeros.
 * @throws {AccessError} `MALFORMED_TEMPLATE` or `LIMIT_EXCEEDED`
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
 */
export function readYamlText(text: string, name: string): TemplateText {
  checkYamlTokens(new Lexer().lex(text), name);
  const lines = new LineCounter();
  // Looking for equal keys is left to `Reader`: the library compares each with each.
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    // What follows the first line of the message quotes the text.
    const [reason] = error.message.split('\n');
    throw new AccessError('MALFORMED_TEMPLATE', `${name}:${line}:${col} is not YAML: ${reason}`);
  }
  const reader = new Reader(name, lines, targetsIn(document));
  const json = reader.read(document.contents, 1);
  return { json, positions: reader.positions };
}

/** What each alias stands for: the last node before it that has the anchor. */
function targetsIn(document: Document): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, (_key, node) => {
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target !== undefined) targets.set(node, target);
    } else if (isNode(node) && node.anchor !== undefined) anchors.set(node.anchor, node);
  });
  return targets;
}

/** Makes JSON of YAML's nodes, counting them: an alias counts as all that it stands for. */
class Reader {
  readonly positions = new Map<string, Position>();
  #nodes = 0;
  readonly #name: string;
  readonly #lines: LineCounter;
  readonly #targets: ReadonlyMap<Alias, Node>;
  readonly #open = new Set<Node>();

  constructor(name: string, lines: LineCounter, targets: ReadonlyMap<Alias, Node>) {
    this.#name = name;
    this.#lines = lines;
    this.#targets = targets;
  }

  read(node: unknown, depth: number, path: readonly string[] = []): unknown {
    if (node === null || !isNode(node)) return null;
    within(LIMITS.depth, depth, () => this.#at(node));
    within(LIMITS.nodes, ++this.#nodes, () => this.#at(node));
    if (isAlias(node)) return this.#readAlias(node, depth, path);
    const value = isMap(node)
      ? this.#readMap(node.items, depth, path)
      : isSeq(node)
        ? node.items.map((item) => this.read(item, depth + 1))
        : isScalar(node)
          ? scalarOf(node)
          : null;
    const tag = node.tag;
    return tag?.startsWith('!') && tag !== '!' ? shortForm(tag.slice(1), value) : value;
  }

  #readAlias(node: Alias, depth: number, path: readonly string[]): unknown {
    const target = this.#targets.get(node);
    if (target === undefined) throw this.#malformed(node, 'an alias without its anchor');
    if (this.#open.has(target)) throw this.#malformed(node, 'an alias inside of what it stands for');
    this.#open.add(target);
    const value = this.read(target, depth + 1, path);
    this.#open.delete(target);
    return value;
  }

  #readMap(items: readonly { key: unknown; value: unknown }[], depth: number, path: readonly string[]): unknown {
    // Names come from the template: `__proto__` is one as any other.
    const members: Record<string, unknown> = Object.create(null);
    const merged: [unknown, Node][] = [];
    for (const { key, value } of items) {
      if (!isScalar(key)) throw this.#malformed(isNode(key) ? key : undefined, 'a key that is no plain text');
      const member = key.source ?? String(key.value);
      if (member === '<<' && key.type === 'PLAIN') {
        merged.push([this.read(value, depth + 1), key]);
        continue;
      }
      if (Object.hasOwn(members, member)) throw this.#malformed(key, `the key ${JSON.stringify(member)} again`);
      if (path.length === 1 && path[0] === 'Resources') this.positions.set(member, this.#positionOf(key));
      members[member] = this.read(value, depth + 1, path.length < 2 ? [...path, member] : path);
    }
    for (const [source, key] of merged) this.#merge(members, source, key);
    return members;
  }

  /** What is merged never replaces what the map has itself. */
  #merge(members: Record<string, unknown>, merged: unknown, key: Node): void {
    for (const source of Array.isArray(merged) ? merged : [merged]) {
      if (typeof source !== 'object' || source === null)
        throw this.#malformed(key, 'a merge of something that is no map');
      for (const [name, value] of Object.entries(source)) {
        if (!Object.hasOwn(members, name)) members[name] = value;
      }
    }
  }

  #positionOf(node: Node): Position {
    const { line, col } = this.#lines.linePos(node.range?.[0] ?? 0);
    return { line, column: col };
  }

  #at(node: Node): string {
    return `${this.#name}:${this.#positionOf(node).line}`;
  }

  #malformed(node: Node | undefined, what: string): AccessError {
    const where = node === undefined ? this.#name : this.#at(node);
    return new AccessError('MALFORMED_TEMPLATE', `${where}: the YAML has ${what}`);
  }
}

function scalarOf({ value, source, type }: { value: unknown; source?: string; type?: string }): unknown {
  if (type !== 'PLAIN' || source === undefined) return value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value) === source ? value : source;
  return value;
}

/** `!Sub x` is `{"Fn::Sub": x}`; `!Ref` and `!Condition` have no prefix, and `!GetAtt` takes a text with a dot. */
function shortForm(tag: string, value: unknown): unknown {
  const name = tag === 'Ref' || tag === 'Condition' ? tag : `Fn::${tag}`;
  return { [name]: value };
}
