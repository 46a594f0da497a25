import type { Assembly, KeyModel, Located, PrincipalModel } from '../model.ts';
import { bindValue } from '../symbolic/bind.ts';
import { equalValues } from '../symbolic/match.ts';
import { inWords } from '../symbolic/text.ts';
import type { Value } from '../value.ts';
import type { DiffAlert } from './model.ts';
import type { Pair } from './pairs.ts';
import type { References } from './references.ts';
import { isOtherResource } from './things.ts';

/**
 * Whether CloudFormation replaces a role or user: its name or path cannot be changed. The new one has another principal
 * id, and what was about the old one (key policies that were saved with it, grants) is not about the new one.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function isReplacedPrincipal(before: PrincipalModel, after: PrincipalModel): boolean {
  return whyReplaced(before, after) !== undefined;
}

function whyReplaced(before: PrincipalModel, after: PrincipalModel): string | undefined {
  if (isOtherResource(before, after)) return otherResource(before, after);
  const properties = after.type === 'role' ? 'RoleName' : 'UserName';
  if (equalValues(before.account, after.account) === 'no') {
    return `its account was ${inWords(before.account)} and is ${inWords(after.account)}`;
  }
  const settled = (value: Value) => settledIn(after, settledIn(before, value));
  if (differ(settled(before.name), settled(after.name))) return `${properties} changed`;
  return differ(settled(before.path), settled(after.path)) ? 'Path changed' : undefined;
}

/** Account and Region that were open and are given now, or the other way round, are the same ones. */
function settledIn({ account, region }: Located, value: Value): Value {
  const known: Readonly<Record<string, Value>> = { 'AWS::AccountId': account, 'AWS::Region': region };
  return bindValue(value, (part) => {
    const text = part.kind === 'pseudo' ? known[part.name] : undefined;
    return typeof text === 'string' ? text : undefined;
  });
}

function otherResource(before: Located, after: Located): string {
  const what = before.stack === after.stack ? 'logicalId' : 'stack';
  return `its ${what === 'stack' ? 'stack' : 'logical id'} was ${before[what]} and is ${after[what]}`;
}

/** An unknown string is taken to be what it was where its reason is the same. */
function differ(a: Value, b: Value): boolean {
  return JSON.stringify(a) !== JSON.stringify(b);
}

/** Replaced roles and users that key policies or grants name, and keys that are replaced. */
export function replacementsOf(
  keys: readonly Pair<KeyModel>[],
  principals: readonly Pair<PrincipalModel>[],
  apps: { readonly before: Assembly; readonly after: Assembly },
  references: References,
): readonly DiffAlert[] {
  const ofKeys = keys.flatMap((key): readonly DiffAlert[] => {
    const { before, after } = key;
    if (before === undefined || after === undefined || !isOtherResource(before, after)) return [];
    const text =
      `the key is another one now (${otherResource(before, after)}), unless a stack refactoring moves it: ` +
      'what was encrypted under the old one needs the old one';
    return [{ kind: 'replacement', key: references.ofKey(key), text, because: [] }];
  });
  return [...ofKeys, ...principals.flatMap((pair) => replacedPrincipal(pair, keys, apps, references))];
}

function replacedPrincipal(
  { before, after }: Pair<PrincipalModel>,
  keys: readonly Pair<KeyModel>[],
  apps: { readonly before: Assembly; readonly after: Assembly },
  references: References,
): readonly DiffAlert[] {
  if (before === undefined || after === undefined) return [];
  const why = whyReplaced(before, after);
  if (why === undefined) return [];
  const functions = apps.after.functions.filter(({ role }) => role === after).map(({ constructPath }) => constructPath);
  const grantee = { type: after.type, section: 'app', name: after.constructPath, functions } as const;
  return keys.flatMap((key): readonly DiffAlert[] => {
    if (!isNamedBy(key.before, before, apps.before) && !isNamedBy(key.after, after, apps.after)) return [];
    const text =
      `the ${after.type} is replaced (${why}): a key policy that was saved with the old one, and grants to it, do ` +
      'not let the new one in until they are written anew';
    return [{ kind: 'replacement', key: references.ofKey(key), grantee, text, because: [] }];
  });
}

function isNamedBy(key: KeyModel | undefined, { arn }: PrincipalModel, { grants }: Assembly): boolean {
  if (key === undefined) return false;
  const named = key.keyPolicy.statements.flatMap(({ principals, notPrincipals }) =>
    [principals, notPrincipals].flatMap((some) => (some === undefined || some === '*' ? [] : (some.AWS ?? []))),
  );
  const grantees = grants.filter((one) => one.key === key).flatMap(({ grant }) => grant.granteePrincipal ?? []);
  return [...named, ...grantees].some((value) => !differ(value, arn) || equalValues(value, arn) === 'yes');
}
