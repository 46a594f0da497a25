import { shown } from '../context.ts';
import { EnvelopeError } from '../errors.ts';

/** One step into a record: the key of an object, the index of a list, or every element of a list. */
export type Step =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'every' };

/** A step at one place: what a pattern becomes in a given record. */
export type Place = Exclude<Step, { kind: 'every' }>;

/** A path as it was declared. */
export interface Pattern {
  /** As it was written. */
  readonly text: string;
  readonly steps: readonly Step[];
  /** Whether a record may lack the field: the path ends in `?`. */
  readonly optional: boolean;
}

/** Steps of one path: deeper records than this are refused elsewhere too. */
const MAX_STEPS = 32;

/** One step of a path, with what stands before it: a plain key, a key in quotes, an index or a wildcard. */
const STEP =
  /(?:^|(?<!^)\.)(?:(?<plain>[^.[\]"?*\s]+)|(?<quoted>"(?:[^"\\]|\\.)*"))|\[(?:(?<index>0|[1-9]\d{0,8})|(?<every>\*))\]/y;

/**
 * Reads a path: `ssn`, `address.street`, `cards[0].number`, `cards[*].number`, `"key.with.dots"`, and with `?` at the
 * end a field that a record may lack.
 * @throws EnvelopeError `CONFIG`
 */
export function parsePattern(text: string): Pattern {
  const optional = text.endsWith('?');
  const steps = parseSteps(optional ? text.slice(0, -1) : text);
  if (steps === undefined) {
    throw new EnvelopeError(
      'CONFIG',
      `${shown(text)} is not a path; write a.b, a[0], a[*].b or "a.b" for a key with dots, and ? after a field that may be absent`,
    );
  }
  return { text, steps, optional };
}

/** The places of a concrete path, without wildcards; `undefined` for every other text. */
export function parsePlaces(text: string): readonly Place[] | undefined {
  const steps = parseSteps(text);
  return steps?.every((step) => step.kind !== 'every') ? (steps as readonly Place[]) : undefined;
}

function parseSteps(text: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < text.length) {
    const groups = STEP.exec(text)?.groups;
    const step = groups === undefined || steps.length === MAX_STEPS ? undefined : stepOf(groups);
    if (step === undefined) return undefined;
    steps.push(step);
  }
  // A record is an object: a path into it begins with a key.
  return steps[0]?.kind === 'key' ? steps : undefined;
}

function stepOf(groups: Readonly<Record<string, string | undefined>>): Step | undefined {
  const { plain, quoted, index, every } = groups as { [name in 'plain' | 'quoted' | 'index' | 'every']?: string };
  if (plain !== undefined) return { kind: 'key', key: plain };
  if (index !== undefined) return { kind: 'index', index: Number(index) };
  if (every !== undefined) return { kind: 'every' };
  try {
    return { kind: 'key', key: JSON.parse(quoted ?? '') };
  } catch {
    return undefined;
  }
}

/** A path as text, in the one spelling that {@link parsePlaces} gives back. */
export function pathText(steps: readonly Step[]): string {
  return steps.map(stepText).join('');
}

function stepText(step: Step, position: number): string {
  if (step.kind === 'every') return '[*]';
  if (step.kind === 'index') return `[${step.index}]`;
  const name = /^[^.[\]"?*\s]+$/.test(step.key) ? step.key : JSON.stringify(step.key);
  return `${position === 0 ? '' : '.'}${name}`;
}

/** Whether some place can be in both: the shorter path is, or can be, the beginning of the other. */
export function overlap(a: Pattern, b: Pattern): boolean {
  return a.steps.every((step, index) => {
    const other = b.steps[index];
    return other === undefined || meet(step, other);
  });
}

function meet(a: Step, b: Step): boolean {
  if (a.kind === 'key' || b.kind === 'key') return a.kind === 'key' && b.kind === 'key' && a.key === b.key;
  return a.kind === 'every' || b.kind === 'every' || a.index === b.index;
}
