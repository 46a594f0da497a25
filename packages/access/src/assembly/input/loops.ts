import { LIMITS, within } from '../../limits.ts';
import { isObject, type Json } from '../../parsing/findings.ts';
import { objectAt } from './files.ts';
import type { Position, Template } from './json-text.ts';

const LOOP = 'Fn::ForEach::';

/**
 * The template with its loops written out, as far as the template itself says what they repeat. A loop over a parameter
 * without a list of its own stays as it is; `unmodelled` says so.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
 */
export function withoutLoops(template: Template, name: string): Template {
  if (!allowsLoops(template.json)) return template;
  const positions = new Map(template.positions);
  const unrolled = new Unroller(name, template.json, positions).value(template.json, []);
  return isObject(unrolled) ? { json: unrolled, positions } : template;
}

/** Loops are for templates with this transform only. */
function allowsLoops({ Transform: transform }: Json): boolean {
  return (Array.isArray(transform) ? transform : [transform]).includes('AWS::LanguageExtensions');
}

/** One round of a loop: what the identifier stands for. */
interface Round {
  readonly identifier: string;
  readonly item: string;
}

class Unroller {
  #nodes = 0;
  readonly #name: string;
  readonly #template: Json;
  readonly #positions: Map<string, Position>;

  constructor(name: string, template: Json, positions: Map<string, Position>) {
    this.#name = name;
    this.#template = template;
    this.#positions = positions;
  }

  value(json: unknown, rounds: readonly Round[]): unknown {
    within(LIMITS.nodes, ++this.#nodes, this.#name);
    if (typeof json === 'string') return replaced(json, rounds);
    if (Array.isArray(json)) return json.map((item) => this.value(item, rounds));
    if (!isObject(json)) return json;
    const item = refOfRound(json, rounds);
    if (item !== undefined) return item;
    const members: Record<string, unknown> = Object.create(null);
    this.#addMembers(json, rounds, members, undefined);
    return members;
  }

  #addMembers(
    json: Json,
    rounds: readonly Round[],
    members: Record<string, unknown>,
    position: Position | undefined,
  ): void {
    for (const [name, member] of Object.entries(json)) {
      const loop = name.startsWith(LOOP) ? this.#loopIn(member, rounds) : undefined;
      if (loop === undefined) {
        const own = replaced(name, rounds);
        if (position !== undefined && !this.#positions.has(own)) this.#positions.set(own, position);
        members[own] = this.value(member, rounds);
        continue;
      }
      const at = position ?? this.#positions.get(name);
      for (const item of loop.items) {
        within(LIMITS.nodes, ++this.#nodes, this.#name);
        this.#addMembers(loop.body, [...rounds, { identifier: loop.identifier, item }], members, at);
      }
    }
  }

  /** `[identifier, items, body]`; undefined: what is repeated is known at deployment only, or it is no loop at all. */
  #loopIn(json: unknown, rounds: readonly Round[]): { identifier: string; items: string[]; body: Json } | undefined {
    const [identifier, collection, body] = Array.isArray(json) ? json : [];
    if (typeof identifier !== 'string' || !isObject(body)) return undefined;
    const items = this.#itemsOf(collection, rounds);
    return items && { identifier, items, body };
  }

  #itemsOf(collection: unknown, rounds: readonly Round[]): string[] | undefined {
    const list = Array.isArray(collection) ? collection : this.#mapped(collection, rounds);
    const items = list?.map((item) => this.value(item, rounds));
    return items?.every((item) => typeof item === 'string') ? items : undefined;
  }

  /** A list of a mapping, found by names that are known. */
  #mapped(collection: unknown, rounds: readonly Round[]): readonly unknown[] | undefined {
    const keys = isObject(collection) ? collection['Fn::FindInMap'] : undefined;
    const [map, first, second] = Array.isArray(keys) ? keys.map((key) => this.value(key, rounds)) : [];
    if (typeof map !== 'string' || typeof first !== 'string' || typeof second !== 'string') return undefined;
    const found = objectAt(objectAt(objectAt(this.#template, 'Mappings'), map), first)[second];
    return Array.isArray(found) ? found : undefined;
  }
}

/** `{"Ref": "Identifier"}` */
function refOfRound(json: Json, rounds: readonly Round[]): string | undefined {
  const [name, another] = Object.keys(json);
  if (name !== 'Ref' || another !== undefined) return undefined;
  return rounds.findLast(({ identifier }) => identifier === json['Ref'])?.item;
}

/** `${Identifier}` is the item, `&{Identifier}` the item without what a logical id cannot have. */
function replaced(text: string, rounds: readonly Round[]): string {
  if (rounds.length === 0 || !text.includes('{')) return text;
  return text.replace(/([$&])\{([^{}!]*)\}/g, (whole, sign: string, name: string) => {
    const item = rounds.findLast(({ identifier }) => identifier === name)?.item;
    if (item === undefined) return whole;
    return sign === '&' ? item.replace(/[^A-Za-z0-9]/g, '') : item;
  });
}
