import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

const WIDTH = 100;
const INDENT = 14;

/** Prints the story: chapters, and facts with a short name before them. Colour only where a terminal shows it. */
export class Narrator {
  private readonly coloured = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;

  chapter(title: string): void {
    console.log(`\n${this.style('bold', title)}`);
  }

  /** Something that worked. */
  fact(who: string, what: string): void {
    this.line('green', who, what);
  }

  /** Something that was refused, as it should be. */
  refusal(who: string, what: string): void {
    this.line('red', who, what);
  }

  /** Why: indented below the line that it explains. */
  because(reason: string): void {
    for (const line of wrap(reason, WIDTH - INDENT - 2)) {
      console.log(`${' '.repeat(INDENT)}  ${this.style('dim', line)}`);
    }
  }

  private line(style: Style, who: string, what: string): void {
    const [first = '', ...rest] = wrap(what, WIDTH - INDENT);
    console.log(`  ${this.style(style, who.padEnd(INDENT - 2))}${first}`);
    for (const line of rest) {
      console.log(`${' '.repeat(INDENT)}${line}`);
    }
  }

  private style(style: Style, text: string): string {
    return this.coloured ? styleText(style, text) : text;
  }
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
}
