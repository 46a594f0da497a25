import type { ServiceHost } from '../services/service-access';
import type { CustomerManagedKey } from './customer-managed-key';
import { declaredKey } from './declared-keys';

/** What the services of a key have to know about it. */
export function serviceHost(key: CustomerManagedKey, automatic = true): ServiceHost {
  const { policy, useDelegated } = declaredKey(key);
  return { key, policy, automatic, useDelegated };
}
