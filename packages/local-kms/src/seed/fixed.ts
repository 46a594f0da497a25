import type { KeyMaterial } from '../crypto/material.ts';
import type { PastRotation } from '../state/key.ts';

/** What a seed file says of a key and no template can. */
export interface FixedKey {
  readonly createdAt: Date | undefined;
  /** Undefined: random, as for keys of an app. */
  readonly fixed: { readonly tag: Uint8Array; readonly materials: readonly KeyMaterial[] } | undefined;
  /** The rotations that brought the materials after the first; a date that is left out is that of the start. */
  readonly rotations: readonly (Pick<PastRotation, 'materialId' | 'type'> & { readonly at: Date | undefined })[];
  readonly pendingDeletion: boolean;
}
