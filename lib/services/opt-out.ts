import type { IConstruct } from 'constructs';

const OPTED_OUT = new WeakSet<IConstruct>();

/** Keeps a construct and all below it out of the automatic statements. */
export function optOut(construct: IConstruct): void {
  OPTED_OUT.add(construct);
}

/** Whether the construct, or one that it is in, was kept out. */
export function isOptedOut(construct: IConstruct): boolean {
  return construct.node.scopes.some((scope) => OPTED_OUT.has(scope));
}
