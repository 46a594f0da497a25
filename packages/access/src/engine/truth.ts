import type { Reason, ResidualCondition } from './decision.ts';

/** One set of conditions under which something holds. */
export interface Way {
  readonly residual: readonly ResidualCondition[];
  readonly because: readonly Reason[];
}

/** Whether a layer of policies allows, and why. */
export type Truth =
  | { readonly is: 'yes' | 'no' | 'unknown'; readonly because: readonly Reason[] }
  /** Any one of the ways suffices. */
  | { readonly is: 'if'; readonly ways: readonly Way[] };

/** More alternatives than a person would read; policies of real size need a handful. */
const MAX_WAYS = 64;

export function reasonsOf(truth: Truth): readonly Reason[] {
  return truth.is === 'if' ? truth.ways.flatMap(({ because }) => because) : truth.because;
}

/**
 * Something does not hold, for reasons that are put into words when they are asked for: where something else allows,
 * nobody asks. A class, since a getter that is made with each object makes each object one of a kind, and all slow.
 */
class Not {
  readonly is = 'no';
  private readonly make: () => readonly Reason[];
  private made: readonly Reason[] | undefined = undefined;

  constructor(make: () => readonly Reason[]) {
    this.make = make;
  }

  get because(): readonly Reason[] {
    this.made ??= this.make();
    return this.made;
  }
}

export function notSince(make: () => readonly Reason[]): Truth {
  return new Not(make);
}

/** Unknown beats "if": what may hold without the condition must not be said to need it. */
export function anyOf(truths: readonly Truth[]): Truth {
  const [only, second] = truths;
  if (only !== undefined && second === undefined) return only;
  const yes = truths.find(({ is }) => is === 'yes');
  if (yes !== undefined) return yes;
  if (has(truths, 'unknown')) return { is: 'unknown', because: because(truths, 'unknown') };
  const ways = truths.flatMap((truth) => (truth.is === 'if' ? truth.ways : []));
  return ways.length > 0 ? either(ways) : notSince(() => because(truths, 'no'));
}

export function allOf(all: readonly Truth[]): Truth {
  const truths = all.filter((truth) => truth.is !== 'yes' || truth.because.length > 0);
  const [only = HOLDS, second] = truths;
  if (second === undefined) return only;
  // What decided comes first; what would have allowed follows, since it explains what is missing.
  if (has(truths, 'no')) return notSince(() => distinct([...because(truths, 'no'), ...because(truths, 'yes')]));
  if (has(truths, 'unknown')) return { is: 'unknown', because: because(truths, 'unknown') };
  if (!has(truths, 'if')) return { is: 'yes', because: because(truths, 'yes') };
  let ways: readonly Way[] = [{ residual: [], because: [] }];
  for (const truth of truths) {
    const more = truth.is === 'if' ? truth.ways : [{ residual: [], because: truth.because }];
    if (ways.length * more.length > MAX_WAYS) return tooMany;
    ways = ways.flatMap((way) => more.map((other) => join(way, other)));
  }
  return either(ways);
}

const HOLDS: Truth = { is: 'yes', because: [] };

function has(truths: readonly Truth[], is: Truth['is']): boolean {
  return truths.some((truth) => truth.is === is);
}

function because(truths: readonly Truth[], is: Truth['is']): readonly Reason[] {
  const all: Reason[] = [];
  for (const truth of truths) if (truth.is === is) all.push(...reasonsOf(truth));
  return distinct(all);
}

const tooMany: Truth = {
  is: 'unknown',
  because: [
    {
      code: 'unknown-value',
      text: `more than ${MAX_WAYS} combinations of conditions would allow it: too many to list`,
    },
  ],
};

function join(a: Way, b: Way): Way {
  return { residual: distinct([...a.residual, ...b.residual]), because: distinct([...a.because, ...b.because]) };
}

/** Leaves out a way that asks for all that another one asks for, and more. */
function either(ways: readonly Way[]): Truth {
  const sorted = [...ways].sort((a, b) => a.residual.length - b.residual.length);
  const kept: Way[] = [];
  for (const way of sorted) {
    const asked = new Set(way.residual.map(({ text }) => text));
    if (!kept.some(({ residual }) => residual.every(({ text }) => asked.has(text)))) kept.push(way);
  }
  return kept.length > MAX_WAYS ? tooMany : { is: 'if', ways: kept };
}

/** Without those that say the same. Lists are short: comparing texts is less work than hashing them. */
export function distinct<T extends { readonly text: string }>(items: readonly T[]): readonly T[] {
  const kept = items.filter((item, index) => items.findIndex(({ text }) => text === item.text) === index);
  return kept.length === items.length ? items : kept;
}
