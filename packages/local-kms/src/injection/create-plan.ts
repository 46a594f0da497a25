import { LocalKmsError } from '../errors.ts';
import type { Directory } from '../seed/directory.ts';
import type { Store } from '../state/store.ts';
import { type CheckedInjection, checkedInjection } from './check.ts';
import type { InjectedFault } from './injection.ts';
import type { FaultPlan, MetFault } from './plan.ts';

/** Far more than a test needs; another process cannot fill the memory. */
const MAX_FAULTS = 1_000;

interface Entry extends CheckedInjection {
  readonly id: string;
  fired: number;
}

export function createFaultPlan(store: Store, directory: () => Directory): FaultPlan {
  const entries = new Set<Entry>();
  let declared = 0;
  const shownOf = (entry: Entry): InjectedFault => {
    const remove = (): void => void entries.delete(entry);
    const { id, injection } = entry;
    return {
      id,
      injection,
      get fired() {
        return entry.fired;
      },
      remove,
      [Symbol.dispose]: remove,
    };
  };
  return {
    get isEmpty() {
      return entries.size === 0;
    },
    inject(given) {
      const checked = checkedInjection(given, store, directory());
      if (entries.size >= MAX_FAULTS) {
        throw new LocalKmsError('INVALID_OPTION', `${MAX_FAULTS} faults are injected already: remove some`);
      }
      declared += 1;
      const entry: Entry = { ...checked, id: `fault-${declared}`, fired: 0 };
      entries.add(entry);
      return shownOf(entry);
    },
    list: () => [...entries].map(shownOf),
    meet(call) {
      const met: MetFault[] = [];
      for (const entry of entries) {
        const { id, injection, matches } = entry;
        const { fault, times = Number.POSITIVE_INFINITY } = injection;
        if (entry.fired >= times || !matches(call)) continue;
        met.push({
          fault,
          fire: () => {
            entry.fired += 1;
            return { id, kind: fault.kind };
          },
        });
        if (fault.kind !== 'latency') break;
      }
      return met;
    },
    removeAll: () => entries.clear(),
  };
}
