import type { Grant, GrantConstraints } from '../../grant.ts';
import { GRANT_RESOURCE_TYPE, type GrantModel, type KeyModel } from '../../model.ts';
import { conditionsInWords, without } from '../../symbolic/cases.ts';
import { asValue, Choice, isRecord, type Outcome } from '../../symbolic/outcome.ts';
import { whyUnknown } from '../../symbolic/text.ts';
import type { Value } from '../../value.ts';
import type { FindKey } from './keys.ts';
import { located, ofTypes, property, type Resource, valueAt, valuesAt } from './resource.ts';

/** Whom a grant is for and who may retire it; of the two of a pair only one may be set. */
const PAIRS = [
  ['GranteePrincipal', 'GranteeServicePrincipal'],
  ['RetiringPrincipal', 'RetiringServicePrincipal'],
] as const;

export function grantsOf(resources: readonly Resource[], find: FindKey): readonly GrantModel[] {
  return ofTypes(resources, [GRANT_RESOURCE_TYPE]).map((resource) => {
    const keyId = valueAt(resource, 'KeyId') ?? '';
    const key = find(keyId, resource);
    const { grant, unreadable } = grantOf(resource, key);
    return {
      ...located(resource),
      keyId,
      key,
      grant: { ...grant, ...(unreadable.length > 0 && { unreadable }) },
      grantName: valueAt(resource, 'Name'),
      problems: [...problemsOf(resource), ...unreadable],
    };
  });
}

function problemsOf(resource: Resource): readonly string[] {
  const has = (name: string) => valueAt(resource, name) !== undefined;
  const both = PAIRS.filter((pair) => pair.every(has)).map(([one, other]) => `has both ${one} and ${other}; use one`);
  const nobody = PAIRS[0].some(has) ? [] : ['GranteePrincipal or GranteeServicePrincipal is missing'];
  return [...both, ...nobody, ...(has('KeyId') ? [] : ['KeyId is missing'])];
}

interface ReadGrant {
  readonly grant: Grant;
  readonly unreadable: readonly string[];
}

function grantOf(resource: Resource, key: KeyModel | undefined): ReadGrant {
  const { constructPath, onlyIf = [] } = resource;
  const [grantee, granteeService] = PAIRS[0].map((name) => valueAt(resource, name));
  const [retiring, retiringService] = PAIRS[1].map((name) => valueAt(resource, name));
  const missing: string[] = [];
  const operations = operationsOf(resource, missing);
  // What narrows a grant, or takes it away, must not be forgotten: where that is not known nothing is said to be allowed.
  const when = without(onlyIf, key?.onlyIf ?? []);
  const narrowing = when.length === 0 ? [] : [`it is there only if ${conditionsInWords(when)}`];
  const constraints = constraintsOf(property(resource, 'Constraints'), narrowing);
  const grant: Grant = {
    name: `grant ${constructPath}`,
    constructPath,
    ...(key !== undefined && { key: key.arn }),
    ...(grantee !== undefined && { granteePrincipal: grantee }),
    ...(granteeService !== undefined && { granteeServicePrincipal: granteeService }),
    ...(retiring !== undefined && { retiringPrincipal: retiring }),
    ...(retiringService !== undefined && { retiringServicePrincipal: retiringService }),
    operations: narrowing.length > 0 ? [] : operations,
    constraints,
  };
  return { grant, unreadable: [...narrowing, ...missing] };
}

/** Operations that are there in some cases only are not among them: the grant may then allow more, and says so. */
function operationsOf(resource: Resource, unreadable: string[]): readonly string[] {
  const operations = valuesAt(resource, 'Operations');
  const known = operations.flatMap(({ value, when }) =>
    typeof value === 'string' && when.length === 0 ? [value] : [],
  );
  if (operations.length === 0 || known.length < operations.length) {
    unreadable.push('Operations: not all of them are known before deployment');
  }
  return known;
}

function constraintsOf(outcome: Outcome, unreadable: string[]): GrantConstraints {
  if (outcome === undefined) return {};
  if (!isRecord(outcome)) {
    unreadable.push(`Constraints: ${whyOpen(outcome) ?? 'must be an object'}`);
    return {};
  }
  const equals = contextAt(outcome, 'EncryptionContextEquals', unreadable);
  const subset = contextAt(outcome, 'EncryptionContextSubset', unreadable);
  const sourceArn = asValue(outcome['SourceArn']);
  if (outcome['SourceArn'] !== undefined && sourceArn === undefined) {
    unreadable.push(`Constraints.SourceArn: ${whyOpen(outcome['SourceArn']) ?? 'must be a string'}`);
  }
  return {
    ...(equals !== undefined && { encryptionContextEquals: equals }),
    ...(subset !== undefined && { encryptionContextSubset: subset }),
    ...(sourceArn !== undefined && { sourceArn }),
  };
}

function whyOpen(outcome: Outcome): string | undefined {
  if (outcome instanceof Choice) return `it hinges on condition ${outcome.condition} of stack ${outcome.stack}`;
  const value = asValue(outcome);
  return value && whyUnknown(value);
}

function contextAt(
  constraints: Readonly<Record<string, Outcome>>,
  name: string,
  unreadable: string[],
): Readonly<Record<string, Value>> | undefined {
  const outcome = constraints[name];
  if (outcome === undefined) return undefined;
  const pairs: Record<string, Value> = Object.create(null);
  const entries = isRecord(outcome) ? Object.entries(outcome) : [];
  for (const [key, member] of entries) {
    const value = asValue(member);
    if (value !== undefined) pairs[key] = value;
  }
  if (!isRecord(outcome) || Object.keys(pairs).length < entries.length) {
    unreadable.push(`Constraints.${name}: some of it is not known before deployment`);
  }
  return pairs;
}
