/** The place that a key policy is written for. Each part may be a token of the stack. */
export interface PolicyPlace {
  /** Partition of its ARNs, `aws`. */
  readonly partition: string;
  /** Region of the key. */
  readonly region: string;
  /** Account of the key. */
  readonly account: string;
  /** End of the host names there, `amazonaws.com`. */
  readonly urlSuffix: string;
}

/** A resource for which a service uses the key: its ARN, or a pattern that it is among. */
export interface SourceArn {
  readonly arn: string;
  /** Whether it is the ARN itself, and not a pattern. */
  readonly exact: boolean;
}

/** What the statements of a use are made of. */
export interface ServiceFacts extends PolicyPlace {
  /** The resources for which the service may use the key; empty for a use that has none. */
  readonly sources: readonly SourceArn[];
}

/** Conditions of a policy statement: operator, condition key, value or values. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | string[]>>>>;

/** `aws:SourceAccount`: the resource for which the service acts is of the key's own account. */
export const sourceAccount = ({ account }: ServiceFacts): Conditions => ({
  StringEquals: { 'aws:SourceAccount': account },
});

/**
 * A condition on the ARN of the source, under the operator that AWS's page has for one ARN; a pattern takes the operator
 * that knows wildcards.
 */
export function onSource(
  key: string,
  { sources }: ServiceFacts,
  operator: 'StringEquals' | 'StringLike' | 'ArnEquals' | 'ArnLike' = 'ArnLike',
  suffix = '',
): Conditions {
  if (sources.length === 0) {
    return {};
  }
  const values = sources.map(({ arn }) => `${arn}${suffix}`);
  const exact = suffix === '' && sources.every((source) => source.exact);
  const [first = '', ...others] = values;
  return { [exact ? operator : WITH_WILDCARDS[operator]]: { [key]: others.length === 0 ? first : values } };
}

const WITH_WILDCARDS = {
  StringEquals: 'StringLike',
  StringLike: 'StringLike',
  ArnEquals: 'ArnLike',
  ArnLike: 'ArnLike',
} as const;

/** `aws:SourceArn`: the resource for which the service acts. A pattern stands under `ArnLike`, as AWS writes it. */
export function sourceArn(facts: ServiceFacts, operator: 'StringEquals' | 'ArnEquals' | 'ArnLike' = 'ArnLike') {
  const exact = facts.sources.every((source) => source.exact);
  return onSource('aws:SourceArn', facts, exact ? operator : 'ArnLike');
}

/** Conditions that all have to hold. */
export function allOf(...conditions: readonly Conditions[]): Conditions {
  const merged: Record<string, Record<string, string | string[]>> = {};
  for (const [operator, keys] of conditions.flatMap((each) => Object.entries(each))) {
    merged[operator] = { ...merged[operator], ...keys };
  }
  return merged;
}
