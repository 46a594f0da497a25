import { CfnResource, Reference, Stack, Token, Tokenization } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import { knownKey } from '../keys/declared-keys';
import { KEY_LIMITS } from '../keys/limits';

/** An alias of the application, whoever made it. */
interface Found {
  readonly path: string;
  readonly stack: Stack;
  readonly name: string;
  /** The key in the application that it points to; undefined when that cannot be told. */
  readonly target?: IConstruct;
  /** What it points to when it is written as a text. */
  readonly text?: string;
}

const surveyed = new WeakSet<Stack>();

/**
 * Has the aliases of the stack looked at together with all others of the application when it is synthesized, those of
 * aws-cdk-lib as well: what is wrong with them shows between them and not in one.
 */
export function surveyAliases(scope: IConstruct): void {
  const stack = Stack.of(scope);
  if (!surveyed.has(stack)) {
    surveyed.add(stack);
    stack.node.addValidation({ validate: () => problemsIn(stack) });
  }
}

/** Names of the aliases that the application gives a key, whoever makes them; those that are known at synthesis. */
export function aliasNamesOf(key: IConstruct): string[] {
  const resource = key.node.defaultChild;
  return aliasesOf(key.node.root)
    .filter(({ target }) => target !== undefined && target === resource)
    .map(({ name }) => name)
    .filter((name) => !Token.isUnresolved(name));
}

function problemsIn(stack: Stack): string[] {
  const found = aliasesOf(stack.node.root);
  const here = found.filter((one) => one.stack === stack);
  return [...repeated(found, stack), ...tooMany(found, stack), ...here.flatMap(targetProblems)];
}

/** Whether it falls to the stack to report what is wrong between these: the last of those that report. */
function reports(stack: Stack, all: readonly Found[]): boolean {
  return all.filter((one) => surveyed.has(one.stack)).at(-1)?.stack === stack;
}

function aliasesOf(root: IConstruct): Found[] {
  return root.node.findAll().flatMap((element): Found[] => {
    if (!CfnResource.isCfnResource(element) || element.cfnResourceType !== 'AWS::KMS::Alias') {
      return [];
    }
    const { aliasName, targetKeyId } = element as kms.CfnAlias;
    const stack = Stack.of(element);
    // Most names are plain texts, and resolving those takes longest of all that is done here.
    const name: unknown = Token.isUnresolved(aliasName) ? stack.resolve(aliasName) : aliasName;
    const path = element.node.path.replace(/\/Resource$/, '');
    return typeof name === 'string' ? [{ path, stack, name, ...targetOf(element, targetKeyId) }] : [];
  });
}

function targetOf(alias: IConstruct, targetKeyId: string): Pick<Found, 'target' | 'text'> {
  if (!Token.isUnresolved(targetKeyId)) {
    return { text: targetKeyId };
  }
  const token = Tokenization.reverse(targetKeyId, { failConcat: false });
  if (Reference.isReference(token)) {
    return { target: token.target };
  }
  // A replica is named by a token of its own, which is a reference in some stacks only.
  const target = alias.node.scopes.find((scope) => knownKey(scope) !== undefined)?.node.defaultChild;
  return target === undefined ? {} : { target };
}

/** Where a name must be the only one: an account and a Region; while they are not known, the template. */
function placeOf(stack: Stack): string {
  const { account, region } = stack;
  return Token.isUnresolved(account) || Token.isUnresolved(region)
    ? `stack ${stack.node.addr}`
    : `${account} ${region}`;
}

function repeated(found: readonly Found[], here: Stack): string[] {
  return [...groups(found, ({ stack, name }) => `${placeOf(stack)} ${name}`).values()]
    .filter((same) => same.length > 1 && reports(here, same))
    .map(
      (same) =>
        `alias ${JSON.stringify(same[0]?.name)} is there ${same.length} times for one account and Region (${listed(same)}), and deployment would find it taken; rename it, for instance with AliasName.forStage or forStack`,
    );
}

function tooMany(found: readonly Found[], here: Stack): string[] {
  return [...groups(found, ({ target, text }) => target ?? text).entries()]
    .filter(([target, all]) => target !== undefined && all.length > KEY_LIMITS.aliases)
    .filter(([, all]) => reports(here, all))
    .map(
      ([, all]) =>
        `a key has ${all.length} aliases (${listed(all)}): KMS allows ${KEY_LIMITS.aliases}, and beyond them permissions by kms:ResourceAliases are denied; remove some`,
    );
}

function targetProblems({ path, stack, name, target, text }: Found): string[] {
  if (text !== undefined && /(^|:)alias\//.test(text)) {
    return [
      `alias ${JSON.stringify(name)} (${path}) points to ${JSON.stringify(text)}, which is an alias itself; point it to the key`,
    ];
  }
  const [, , , region, account] = text?.startsWith('arn:') ? text.split(':') : [];
  const key = target === undefined ? { region, account } : Stack.of(target);
  const differences = [differs('Region', key.region, stack.region), differs('account', key.account, stack.account)];
  return differences
    .filter((difference) => difference !== undefined)
    .map(
      (difference) =>
        `alias ${JSON.stringify(name)} (${path}) is in ${difference}; an alias belongs to the account and Region of its key, so make it in a stack there`,
    );
}

function differs(what: string, key: string | undefined, alias: string): string | undefined {
  const known = key !== undefined && !Token.isUnresolved(key) && !Token.isUnresolved(alias);
  return known && key !== alias ? `${what} ${alias} and its key in ${what} ${key}` : undefined;
}

function listed(all: readonly Found[]): string {
  const paths = all.map(({ path }) => path);
  return paths.length <= 4 ? paths.join(', ') : `${paths.slice(0, 3).join(', ')} and ${paths.length - 3} more`;
}

function groups<K>(all: readonly Found[], by: (one: Found) => K): Map<K, Found[]> {
  const grouped = new Map<K, Found[]>();
  for (const one of all) {
    const key = by(one);
    const others = grouped.get(key);
    if (others === undefined) {
      grouped.set(key, [one]);
    } else {
      others.push(one);
    }
  }
  return grouped;
}
