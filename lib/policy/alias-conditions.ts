import { aliasProblems, fullAliasName } from '../keys/alias-name';
import { problems } from '../private/rules';
import { namesKeyByAlias } from './kms-actions';
import { one } from './one';

/** The part of `AccessConditions` that asks for aliases. */
interface AskedAliases {
  readonly resourceAliases?: readonly string[];
  readonly requestAlias?: string;
}

/** The conditions on aliases: what joins the other texts to be equal, and what stands under operators of its own. */
export function aliasConditions({ resourceAliases = [], requestAlias }: AskedAliases): {
  readonly StringEquals: Record<string, string>;
  readonly others: Record<string, Record<string, string | string[]>>;
} {
  const has = resourceAliases.map(fullAliasName);
  const named = requestAlias === undefined ? undefined : fullAliasName(requestAlias);
  const pattern = named !== undefined && hasWildcard(named);
  return {
    StringEquals: named === undefined || pattern ? {} : { 'kms:RequestAlias': named },
    others: {
      ...(pattern && { StringLike: { 'kms:RequestAlias': named } }),
      ...(has.length > 0 && {
        [`ForAnyValue:${has.some(hasWildcard) ? 'StringLike' : 'StringEquals'}`]: { 'kms:ResourceAliases': one(has) },
      }),
    },
  };
}

/** What is wrong with conditions on aliases, for a permission with these actions. */
export function aliasConditionProblems(
  where: string,
  { resourceAliases, requestAlias }: AskedAliases,
  actions: readonly string[],
): string[] {
  const names = [...(resourceAliases ?? []), ...(requestAlias === undefined ? [] : [requestAlias])];
  const without = requestAlias === undefined ? [] : actions.filter((action) => !namesKeyByAlias(action));
  return [
    ...names.flatMap((name) => aliasProblems(name.replace(/[*?]/g, 'x')).map((problem) => `${where}: ${problem}`)),
    ...problems([
      {
        when: resourceAliases?.length === 0,
        message: `${where}: resourceAliases has at least one member when it is given; leave it out, or name an alias`,
      },
      {
        when: without.length > 0,
        message: `${where}: requestAlias with ${without.join(', ')}: these requests never name a key by an alias, so the permission would do nothing; leave requestAlias out, or use resourceAliases`,
      },
    ]),
  ];
}

function hasWildcard(name: string): boolean {
  return /[*?]/.test(name);
}
