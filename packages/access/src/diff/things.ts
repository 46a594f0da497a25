import type { Located } from '../model.ts';
import type { ThingChange } from './model.ts';
import type { Pair } from './pairs.ts';
import type { References } from './references.ts';

/**
 * What became of keys or principals themselves.
 *
 * @param isReplaced - whether CloudFormation deletes the one and makes the other
 */
export function thingChangesOf<T extends Located>(
  pairs: readonly Pair<T>[],
  isReplaced: (before: T, after: T) => boolean,
  references: References,
): readonly ThingChange[] {
  return pairs.flatMap(({ before, after }): readonly ThingChange[] => {
    const thing = after ?? before;
    if (thing === undefined) return [];
    const { constructPath, logicalId, stack, source } = thing;
    const told = {
      constructPath,
      logicalId,
      stack,
      ...(source !== undefined && { source: references.place(source) }),
    };
    if (before === undefined) return [{ change: 'added', ...told }];
    if (after === undefined) return [{ change: 'removed', ...told }];
    if (isReplaced(before, after)) return [{ change: 'replaced', ...told }];
    const formerly = before.constructPath;
    return formerly === constructPath ? [] : [{ change: 'renamed', ...told, formerly }];
  });
}

/** To CloudFormation a resource is its logical id: another one is another resource. */
export function isOtherResource(before: Located, after: Located): boolean {
  return before.logicalId !== after.logicalId || before.stack !== after.stack;
}
