import type { AccessDiff } from '@cdk-keysmith/access';

/** What a pipeline can be told to fail on. */
export const FAIL_ON = ['gained', 'widened', 'lockout', 'escalation', 'unknown', 'any'] as const;
export type FailOn = (typeof FAIL_ON)[number];

const FINDS: Readonly<Record<FailOn, (diff: AccessDiff) => boolean>> = {
  gained: ({ changes }) => changes.some(({ change }) => change === 'gained'),
  // What is not proved to be narrower may be wider.
  widened: ({ changes }) => changes.some(({ change }) => change === 'widened' || change === 'changed'),
  lockout: ({ alerts }) => alerts.some(({ kind }) => kind === 'lockout'),
  escalation: ({ alerts }) => alerts.some(({ kind }) => kind === 'escalation'),
  unknown: ({ undecided }) => undecided.length > 0,
  any: ({ version: _version, ...lists }) => Object.values(lists).some((list) => list.length > 0),
};

/** Those of the kinds that the difference has, each once. */
export function findingsIn(diff: AccessDiff, kinds: readonly FailOn[]): readonly FailOn[] {
  return FAIL_ON.filter((kind) => kinds.includes(kind) && FINDS[kind](diff));
}
