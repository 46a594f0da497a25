import { createColors } from 'picocolors';
import type { Io, Output } from '../io.ts';

export type Colours = ReturnType<typeof createColors>;

/** Wider than this, lines get hard to read; it is also the width for output that goes to a file or a pipe. */
export const MAX_COLUMNS = 100;
/** Narrower than this, no table has room for names. */
const MIN_COLUMNS = 72;

/**
 * Whether to write in colour: to a terminal, unless it is asked not to.
 * @see https://no-color.org
 */
export function wantsColour(output: Output, env: Io['env']): boolean {
  if (env['NO_COLOR']) {
    return false;
  }
  if (env['FORCE_COLOR']) {
    return !['0', 'false'].includes(env['FORCE_COLOR']);
  }
  return output.isTTY === true && env['TERM'] !== 'dumb';
}

export function coloursFor(output: Output, env: Io['env']): Colours {
  return createColors(wantsColour(output, env));
}

export function columnsOf(output: Output): number {
  return Math.max(MIN_COLUMNS, Math.min(output.columns ?? MAX_COLUMNS, MAX_COLUMNS));
}

/**
 * Text from a template or a request, made safe for a terminal: a control character could move the cursor or change
 * what was written before.
 */
export function printable(text: string): string {
  return text.replace(CONTROL, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A value as JSON that is safe for a terminal too: a character that is not stands in texts only, where its escape means it. */
export function printableJson(value: unknown, indent = 2): string {
  return printableLines(JSON.stringify(value, undefined, indent));
}

/** The same of a text whose line breaks are its own. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

const CONTROL = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
