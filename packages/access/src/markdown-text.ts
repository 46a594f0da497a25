// Names of a template are text: in Markdown none of their characters may mean something to Markdown, HTML or a table.

export function plain(text: string): string {
  return inOneLine(text).replace(SPECIAL, (character) => `&#${character.codePointAt(0)};`);
}

/** As code; a bar would end the cell of a table even there, and a backtick the code. */
export function code(text: string): string {
  const line = inOneLine(text);
  return /[`|<]/.test(line) ? `<code>${plain(line)}</code>` : `\`${line}\``;
}

/** A list of texts, made {@link plain}. */
export function list(items: readonly string[]): string {
  return items.map((item) => `- ${plain(item)}`).join('\n');
}

/** A table of cells that are Markdown already. */
export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n');
}

const SPECIAL = /[\\`*_{}[\]<>&|~#@!]/g;

function inOneLine(text: string): string {
  return text.replace(/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/gu, ' ').trim();
}
