import { GRANT_RESOURCE_TYPE, type GrantConstraintsModel, type GrantModel } from '../../model.ts';
import { asValue, isRecord, type Outcome } from '../../symbolic/outcome.ts';
import { whyUnknown } from '../../symbolic/text.ts';
import type { Value } from '../../value.ts';
import type { FindKey } from './keys.ts';
import { located, ofTypes, property, type Resource, valueAt, valuesAt } from './resource.ts';

export function grantsOf(resources: readonly Resource[], find: FindKey): readonly GrantModel[] {
  return ofTypes(resources, [GRANT_RESOURCE_TYPE]).map((resource) => {
    const problems: string[] = [];
    const keyId = valueAt(resource, 'KeyId') ?? '';
    const [grantee, granteeService] = oneOf(resource, 'GranteePrincipal', 'GranteeServicePrincipal', problems);
    const [retiring, retiringService] = oneOf(resource, 'RetiringPrincipal', 'RetiringServicePrincipal', problems);
    if (grantee === undefined && granteeService === undefined) {
      problems.push('GranteePrincipal or GranteeServicePrincipal is missing');
    }
    const operations = valuesAt(resource, 'Operations');
    if (operations.length === 0) problems.push('Operations is missing');
    if (operations.some(({ when }) => when.length > 0)) problems.push('Operations: some are there in some cases only');
    return {
      ...located(resource),
      name: valueAt(resource, 'Name'),
      keyId,
      key: find(keyId, resource),
      grantee,
      granteeService,
      retiring,
      retiringService,
      operations: operations.map(({ value }) => value),
      constraints: constraintsOf(property(resource, 'Constraints'), problems),
      problems,
    };
  });
}

function oneOf(
  resource: Resource,
  principal: string,
  service: string,
  problems: string[],
): readonly [Value | undefined, Value | undefined] {
  const [first, second] = [valueAt(resource, principal), valueAt(resource, service)];
  if (first !== undefined && second !== undefined) problems.push(`has both ${principal} and ${service}; use one`);
  return [first, second];
}

function constraintsOf(outcome: Outcome, problems: string[]): GrantConstraintsModel {
  if (outcome === undefined) return {};
  if (!isRecord(outcome)) {
    const value = asValue(outcome);
    problems.push(`Constraints is not known: ${(value && whyUnknown(value)) ?? 'it must be an object'}`);
    return {};
  }
  const equals = contextAt(outcome, 'EncryptionContextEquals', problems);
  const subset = contextAt(outcome, 'EncryptionContextSubset', problems);
  const sourceArn = asValue(outcome['SourceArn']);
  return {
    ...(equals !== undefined && { encryptionContextEquals: equals }),
    ...(subset !== undefined && { encryptionContextSubset: subset }),
    ...(sourceArn !== undefined && { sourceArn }),
  };
}

function contextAt(
  constraints: Readonly<Record<string, Outcome>>,
  name: string,
  problems: string[],
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
    problems.push(`Constraints.${name}: some of it is not known before deployment`);
  }
  return pairs;
}
