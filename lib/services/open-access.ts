import { lookAfter } from './automatic/aspect';
import { registerAccess } from './registry';
import { ServiceAccess, type ServiceHost } from './service-access';

/** Begins to let services in to a key: from here on it is known to what looks for keys of this library. */
export function openAccess(host: ServiceHost): ServiceAccess {
  const access = new ServiceAccess(host);
  registerAccess(access);
  if (host.automatic) {
    lookAfter(host.key);
  }
  return access;
}
