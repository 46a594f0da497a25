import * as fc from 'fast-check';
import { DueSet } from '../src/state/due-set.ts';

interface Thing {
  at: number | undefined;
}

const step = fc.record({
  kind: fc.constantFrom('add', 'move', 'delete', 'look'),
  thing: fc.nat(4),
  at: fc.option(fc.nat(20), { nil: undefined }),
});

test('what is due is never missed, whatever was added, moved and settled before', () => {
  let found = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const things: Thing[] = Array.from({ length: 5 }, () => ({ at: undefined }));
      const due = new DueSet<Thing>(({ at }) => (at === undefined ? undefined : new Date(at)));
      for (const { kind, thing, at } of steps) {
        const one = things[thing] as Thing;
        if (kind === 'delete') due.delete(one);
        else if (kind === 'add' || (kind === 'move' && due.has(one))) {
          one.at = at;
          due.add(one);
        } else if (kind === 'look') {
          const now = new Date(at ?? 0);
          const isDue = [...due].filter((member) => member.at !== undefined && member.at <= now.getTime());
          if (isDue.length === 0) continue;
          found += 1;
          expect(due.mayBeDue(now)).toBe(true);
          for (const member of isDue) due.delete(member);
          due.settled();
          expect(due.mayBeDue(now)).toBe(false);
        }
      }
    }),
    { seed: 20_261_128, numRuns: 1000 },
  );
  expect(found).toBeGreaterThan(150);
});
