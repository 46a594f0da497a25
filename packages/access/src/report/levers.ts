import type { Assembly, KeyModel } from '../model.ts';
import type { Policy, Statement } from '../policy.ts';
import { matchesPattern } from '../symbolic/match.ts';
import type { Value } from '../value.ts';

/** Whatever a statement tests that people change without changing a policy. */
export type LeverKind = 'aliases' | 'tags of the key' | 'tags of principals';

/** A statement whose answer follows from an alias or a tag: whoever may change that may let somebody in, or shut out. */
export interface Lever {
  readonly kind: LeverKind;
  /** As the policy writes it: `kms:ResourceAliases`, `aws:PrincipalTag/aws-cdk:id`. */
  readonly conditionKey: string;
  readonly policy: Policy;
  readonly statement: Statement;
  /** One sentence in words. */
  readonly text: string;
}

interface Row {
  readonly kind: LeverKind;
  readonly tested: RegExp;
  /** Who can change the answer. */
  readonly who: string;
}

/** @see https://docs.aws.amazon.com/kms/latest/developerguide/abac.html */
const ROWS: readonly Row[] = [
  {
    kind: 'aliases',
    tested: /^kms:(ResourceAliases|RequestAlias)$/i,
    who: 'whoever may create, update or delete aliases of the key changes what it says',
  },
  {
    kind: 'tags of the key',
    tested: /^aws:ResourceTag\//i,
    who: 'whoever may tag the key changes what it says',
  },
  {
    kind: 'tags of principals',
    tested: /^aws:PrincipalTag\//i,
    who: 'any principal that it names and that gets the tag is meant, so whoever may tag principals changes what it says',
  },
];

/** Finds statements that test aliases or tags, of every policy of the app that may speak about a key. */
export function leversIn(assembly: Assembly): (key: KeyModel) => readonly Lever[] {
  // Few statements test any: those are looked for once, not for each key.
  const found = new Map<Policy, readonly Lever[]>();
  const leversOf = (policy: Policy) => {
    const known = found.get(policy) ?? policy.statements.flatMap((one) => leversOfStatement(policy, one));
    found.set(policy, known);
    return known;
  };
  const ofPrincipals = assembly.principals.flatMap(({ identityPolicies, permissionsBoundary: boundary }) => [
    ...identityPolicies,
    ...(boundary === undefined ? [] : [boundary]),
  ]);
  const ofOrganization = [...assembly.serviceControlPolicies, ...assembly.resourceControlPolicies];
  const shared = [...new Set([...ofPrincipals, ...ofOrganization.map(({ policy }) => policy)])].flatMap(leversOf);
  return (key) => {
    const about = [...leversOf(key.keyPolicy), ...shared].filter(({ statement }) => isAbout(statement, key));
    return [...new Map(about.map((lever) => [lever.text, lever])).values()];
  };
}

/** Whether the statement may cover an action of KMS on the key. */
function isAbout({ actions, notActions, resources, notResources }: Statement, key: KeyModel): boolean {
  const isOfKms = notActions !== undefined || actions.some((action) => ofKms(action));
  return isOfKms && (notResources !== undefined || resources.some((one) => matchesPattern(one, key.arn) !== 'no'));
}

function ofKms(action: Value): boolean {
  if (typeof action !== 'string') return true;
  const [service = ''] = action.toLowerCase().split(':');
  return matchesPattern(service, 'kms') !== 'no';
}

const VARIABLE = /\$\{\s*([^,}]+?)\s*[,}]/g;

function leversOfStatement(policy: Policy, statement: Statement): readonly Lever[] {
  const { sid, index, conditions, resources } = statement;
  const values = [...resources, ...conditions.flatMap((condition) => condition.values)];
  const variables = values.flatMap((value) =>
    typeof value === 'string' ? [...value.matchAll(VARIABLE)].map(([, name = '']) => name) : [],
  );
  const keys = [...new Set([...conditions.map(({ key }) => key), ...variables])];
  const where = `statement ${index}${sid === undefined ? '' : ` ("${sid}")`} of ${policy.name}`;
  return keys.flatMap((conditionKey) => {
    const row = ROWS.find(({ tested }) => tested.test(conditionKey));
    if (row === undefined) return [];
    return [{ kind: row.kind, conditionKey, policy, statement, text: `${where} tests ${conditionKey}: ${row.who}` }];
  });
}
