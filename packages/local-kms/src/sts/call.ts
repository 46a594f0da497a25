import type { Circumstances } from '../authorize/circumstances.ts';
import type { World } from '../world.ts';

/** A call of somebody who signed it. */
export interface StsCall {
  readonly form: ReadonlyMap<string, string>;
  readonly world: World;
  readonly circumstances: Circumstances;
}
