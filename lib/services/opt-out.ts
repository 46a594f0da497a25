import type { IConstruct } from 'constructs';
import { having, requireKind } from '../private/shape';

const OPTED_OUT = new WeakSet<IConstruct>();

/** Keeps a construct and all below it out of the automatic statements. */
export function optOut(construct: IConstruct): void {
  requireKind('services: optOut', 'construct', construct, having('a construct', 'node'));
  OPTED_OUT.add(construct);
}

/** Whether the construct, or one that it is in, was kept out. */
export function isOptedOut(construct: IConstruct): boolean {
  return construct.node.scopes.some((scope) => OPTED_OUT.has(scope));
}
