import type { DecisionRecord } from '../events/event.ts';
import type { AnyOperation, Call, KeyRole, Keys } from '../operations/operation.ts';
import type { IdentifiedKey } from '../state/identify.ts';

/** A call on its way through the steps: what each step found out. */
export interface Progress {
  readonly call: Call;
  readonly operation: AnyOperation;
  readonly input: Readonly<Record<string, unknown>>;
  readonly keys: Map<KeyRole, IdentifiedKey>;
  decision: DecisionRecord | undefined;
}

/** The members of a checked input that a step reads by name. */
export function textOf({ input }: Progress, member: string | undefined): string | undefined {
  const value = member === undefined ? undefined : input[member];
  return typeof value === 'string' ? value : undefined;
}

export function bytesOf({ input }: Progress, member: string | undefined): Uint8Array | undefined {
  const value = member === undefined ? undefined : input[member];
  return value instanceof Uint8Array ? value : undefined;
}

/**
 * Hands the input to the code of the entry. The one place where types are asserted: `validate` made the input from the
 * schema of this entry, and that is the type its functions declare.
 */
export function checkMembers({ operation, input }: Progress): void {
  operation.check?.(input as never);
}

export function runHandler({ operation, input, keys, call }: Progress): Record<string, unknown> | undefined {
  return operation.run(input as never, keys satisfies Keys, call);
}
