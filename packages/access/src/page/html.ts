/** Text that is markup already. Everything else is escaped where it is put into markup. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Child = string | number | Markup | undefined | readonly Child[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A tag for templates: what is filled in is escaped, in text and in quoted attributes alike. */
export function html(parts: TemplateStringsArray, ...children: readonly Child[]): Markup {
  return new Markup(parts.map((part, at) => part + textOf(children[at])).join(''));
}

function textOf(child: Child): string {
  if (child === undefined) return '';
  if (child instanceof Markup) return child.text;
  if (typeof child === 'object') return child.map(textOf).join('');
  return visible(String(child)).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/**
 * Characters that nobody sees, but that change how others are shown or found: controls, marks of direction, joiners, and
 * halves of surrogate pairs, which UTF-8 cannot hold. Shown as their code points, so that no name looks like another.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

export function visible(text: string): string {
  return text.replace(UNSEEN, (character) => {
    return `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;
  });
}

/** Data for a script, inside of a `script` element: nothing in it ends the element or begins a comment. */
export function jsonIn(data: unknown): Markup {
  return new Markup(JSON.stringify(data).replace(/</g, '\\u003c'));
}
