import type { Unresolved, Value } from '../value.ts';
import { textKey } from './index-by-value.ts';
import { partsOf } from './text.ts';
import type { Tri } from './tri.ts';

/** A thing of a template, with the strings that an answer about it hinges on. */
export interface Told<T> {
  readonly thing: T;
  readonly stack: string;
  readonly logicalId: string;
  readonly values: readonly Value[];
}

interface Group<T> {
  readonly members: Told<T>[];
}

/**
 * Things of templates that differ in nothing but the resource that they are: two keys whose ARNs are `Fn::GetAtt` of
 * two logical ids. Whatever a string does not mention it treats alike, so one of them answers for all; what it mentions
 * is asked itself. So a string is compared a handful of times, however many things there are.
 */
export class AlikeThings<T> {
  readonly #byId = new Map<string, Told<T>>();
  readonly #groups: readonly Group<T>[];
  readonly #places: ReadonlyMap<T, number>;

  constructor(things: readonly Told<T>[]) {
    const groups = new Map<unknown, Group<T>>();
    for (const one of things) {
      this.#byId.set(idOf(one), one);
      const shape = shapeOf(one);
      const group = groups.get(shape) ?? { members: [] };
      group.members.push(one);
      groups.set(shape, group);
    }
    this.#groups = [...groups.values()];
    this.#places = new Map(things.map(({ thing }, place) => [thing, place]));
  }

  /**
   * The things for which the answer is not "no", in their order.
   *
   * @param asked - the strings that the answer hinges on, besides those of the thing
   */
  find(asked: readonly Value[], answer: (thing: T) => Tri): readonly T[] {
    const mentioned = new Set(asked.flatMap(mentionsIn).flatMap((id) => this.#byId.get(id) ?? []));
    const found = [...mentioned].filter(({ thing }) => answer(thing) !== 'no').map(({ thing }) => thing);
    for (const { members } of this.#groups) {
      const one = members.find((member) => !mentioned.has(member));
      if (one === undefined || answer(one.thing) === 'no') continue;
      for (const member of members) if (!mentioned.has(member)) found.push(member.thing);
    }
    return found.sort((a, b) => (this.#places.get(a) ?? 0) - (this.#places.get(b) ?? 0));
  }
}

function idOf({ stack, logicalId }: { readonly stack: string; readonly logicalId: string }): string {
  return `${stack}\n${logicalId}`;
}

/** The resources that a string mentions. */
function mentionsIn(value: Value): readonly string[] {
  if (typeof value === 'string') return [];
  return value.parts.flatMap((part): readonly string[] => {
    if (typeof part === 'string') return [];
    if (part.kind === 'attribute') return [idOf(part)];
    return part.kind === 'choice' ? [part.whenTrue, part.whenFalse].flatMap(mentionsIn) : [];
  });
}

/** The same for things that are alike; a thing of which something is not known to be the same is like no other. */
function shapeOf<T>(one: Told<T>): unknown {
  const texts = one.values.map((value) => {
    const text = textKey({ parts: partsOf(value).map((part) => withoutId(part, one)) });
    return text === undefined ? undefined : [text, ...typesIn(value)];
  });
  return texts.includes(undefined) ? one : JSON.stringify(texts);
}

function withoutId<T>(part: string | Unresolved, { stack, logicalId }: Told<T>): string | Unresolved {
  if (typeof part === 'string' || part.kind !== 'attribute') return part;
  return part.stack === stack && part.logicalId === logicalId ? { ...part, stack: '', logicalId: '' } : part;
}

/** What a part can be hinges on the type of its resource too. */
function typesIn(value: Value): readonly string[] {
  return partsOf(value).flatMap((part) =>
    typeof part !== 'string' && part.kind === 'attribute' ? [part.resourceType ?? ''] : [],
  );
}
