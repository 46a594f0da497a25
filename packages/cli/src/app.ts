import {
  type Assembly,
  type Grantee,
  KEY_ACTIONS,
  type KeyModel,
  kmsActionNamed,
  readAssembly,
  shortPath,
  valueInWords,
} from '@cdk-keysmith/access';
import type { Command } from 'commander';
import { CliError } from './errors.ts';
import { namesOfGrantee } from './names-of.ts';
import { given } from './options.ts';
import type { OrganizationFiles } from './organization.ts';
import { select } from './select.ts';
import { DEFAULT_APP } from './shared-options.ts';

export function addAppOption(command: Command): Command {
  return command.option('--app <folder>', 'Cloud assembly or template to read', given, DEFAULT_APP);
}

export function readApp(app: string, { scp = [], rcp = [] }: OrganizationFiles): Assembly {
  return readAssembly(app, { controlPolicies: [...scp, ...rcp] });
}

/** The day on which suppressions are asked, in UTC. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** Names of a key, the one that is shown first. */
export function namesOfKey(key: KeyModel, assembly: Assembly): readonly [string, ...string[]] {
  const { constructPath, logicalId, arn, id } = key;
  const ids = [arn, id].map((value) => valueInWords(value));
  return [shortPath(constructPath), constructPath, ...aliasNames(key, assembly), logicalId, ...ids];
}

export function aliasNames(key: KeyModel, { aliases }: Assembly): readonly string[] {
  return aliases
    .filter((alias) => alias.key?.constructPath === key.constructPath)
    .map(({ name }) => valueInWords(name));
}

/** @throws {CliError} `NO_MATCH` where no key, or more than one, is meant */
export function oneKey(assembly: Assembly, typed: string): KeyModel {
  return one(
    select('key', assembly.keys, [typed], (key) => namesOfKey(key, assembly)),
    typed,
    (key) => key.constructPath,
  );
}

/** @throws {CliError} `NO_MATCH` where nobody, or more than one, is meant */
export function oneGrantee(grantees: readonly Grantee[], typed: string): Grantee {
  return one(select('principal', grantees, [typed], namesOfGrantee), typed, ({ name }) => name);
}

function one<T>(found: readonly T[], typed: string, nameOf: (thing: T) => string): T {
  const [first, ...others] = found;
  if (first === undefined || others.length > 0) {
    throw new CliError('NO_MATCH', `"${typed}" can mean ${found.map(nameOf).join(' or ')}: type more of it`);
  }
  return first;
}

/** @throws {CliError} `USAGE` for what is no action of KMS on a key */
export function keyAction(typed: string): string {
  const action = kmsActionNamed(typed);
  if (action === undefined) {
    const start = typed.replace(/^kms:/i, '').toLowerCase();
    const near = KEY_ACTIONS.filter(
      (known) => start !== '' && known.toLowerCase().startsWith(`kms:${start.slice(0, 4)}`),
    );
    const known = (near.length > 0 ? near : KEY_ACTIONS).join(', ');
    throw new CliError('USAGE', `"${typed}" is no action of KMS on a key: use one such as ${known}`);
  }
  return action;
}
