import type { ServiceHost } from '../services/service-access';
import type { CustomerManagedKey } from './customer-managed-key';
import { declaredKey } from './declared-keys';

/**
 * What the services of a key have to know about it.
 *
 * @throws for an imported key, whose policy nothing here can change
 */
export function serviceHost(key: CustomerManagedKey, automatic = true): ServiceHost {
  const { policy, useDelegated } = declaredKey(key);
  if (policy === undefined) {
    throw new Error(`${key.node.path}: the key is imported, so no service can be let in to it here; its owner has to`);
  }
  return { key, policy, automatic, useDelegated };
}
