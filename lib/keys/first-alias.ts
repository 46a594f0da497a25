import { aliasProblems } from './alias-name';
import type { CustomerManagedKey } from './customer-managed-key';

/** Adds the alias that the properties name, unless it is reported as wrong; the answer is its full name. */
export function aliasOf(key: CustomerManagedKey, alias: string | undefined): string | undefined {
  return alias === undefined || aliasProblems(alias).length > 0 ? undefined : key.addAlias(alias).aliasName;
}
