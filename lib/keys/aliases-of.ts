import { Token } from 'aws-cdk-lib';
import { aliasProblems, fullAliasName } from './alias-name';
import type { CustomerManagedKey } from './customer-managed-key';
import type { CustomerManagedKeyProps } from './customer-managed-key-props';

/** Adds the aliases that the properties name, but for those that are reported as wrong; the answer is the first name. */
export function aliasesOf(
  key: CustomerManagedKey,
  { alias, aliases = [] }: CustomerManagedKeyProps,
): string | undefined {
  const first = alias === undefined || aliasProblems(alias).length > 0 ? undefined : key.addAlias(alias).aliasName;
  const good = aliases.filter((name) => !Token.isUnresolved(name) && aliasProblems(name).length === 0);
  const names = new Set(good.map(fullAliasName));
  names.delete(fullAliasName(alias ?? ''));
  // Each has an id of its own name: were the first one special, changing their order would rename resources.
  const others = [...names].map((name) => key._addAlias(name, idOf(name.replace(/^alias\//, ''))).aliasName);
  return first ?? others[0];
}

/** aws-cdk-lib makes "--" of "/" in an id, which would give "a/b" and "a--b" the same one; no alias has a dot. */
function idOf(name: string): string {
  return /--|-\/|\/-/.test(name) ? `Alias.${name.replaceAll('/', '.')}` : `Alias-${name}`;
}
