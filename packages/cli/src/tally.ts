import type { Call } from './render/call.ts';

/** Calls of which only those that differ are kept, so that a program that runs for days does not fill the memory. */
export interface Tally {
  add(call: Call): void;
  /** How many calls there were with this outcome. */
  count(outcome: Call['outcome']): number;
  /** In the order in which the first of each kind came. */
  readonly kinds: readonly { readonly call: Call; readonly times: number }[];
  /** Calls that differ from all in `kinds`, and came when there was no room any more. */
  readonly notKept: number;
}

const MAX_KINDS = 100;

/** @param keep - whether to keep what a call was; it is counted in any case */
export function createTally(keep: (call: Call) => boolean): Tally {
  const kinds = new Map<string, { call: Call; times: number }>();
  const counts = new Map<Call['outcome'], number>();
  let notKept = 0;
  return {
    add: (call) => {
      counts.set(call.outcome, (counts.get(call.outcome) ?? 0) + 1);
      if (!keep(call)) {
        return;
      }
      const { time: _differs, ...same } = call;
      const kind = JSON.stringify(same);
      const known = kinds.get(kind);
      if (known !== undefined) {
        known.times++;
      } else if (kinds.size < MAX_KINDS) {
        kinds.set(kind, { call, times: 1 });
      } else {
        notKept++;
      }
    },
    count: (outcome) => counts.get(outcome) ?? 0,
    get kinds() {
      return [...kinds.values()];
    },
    get notKept() {
      return notKept;
    },
  };
}
