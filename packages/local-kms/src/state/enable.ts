import { awaitsImport } from '../import/imported-material.ts';
import type { Key } from './key.ts';
import { rotateOverdueKey } from './rotate.ts';
import type { Store } from './store.ts';

/**
 * Enables a key again. One whose deletion was cancelled may still wait for the material that it was made without. A rotation
 * that is overdue happens at once, and the next one is waited for again.
 */
export function enable({ rotating }: Pick<Store, 'rotating'>, key: Key, now: Date): void {
  key.state = awaitsImport(key) ? 'PendingImport' : 'Enabled';
  rotateOverdueKey(key, now);
  if (key.rotation.automatic !== undefined) rotating.add(key.family);
}
