import type { TemplateCondition, Value } from './value.ts';

/**
 * One policy document as IAM and KMS read it, after one-or-many members were made lists.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export interface Policy {
  /** How the policy is called in reasons: `key policy of Orders/Key`, `inline policy Writer/ServiceRole/DefaultPolicy`. */
  readonly name: string;
  readonly kind: PolicyKind;
  /** Only `2012-10-17` makes `${…}` a policy variable. */
  readonly version: string | undefined;
  readonly statements: readonly Statement[];
  /** Construct path of what declares the policy, where the assembly tells it. */
  readonly constructPath?: string;
  /**
   * Why parts of the policy cannot be read: a managed policy of elsewhere, a statement that a macro makes.
   * What such a part allows or denies is unknown, and so is every decision that hinges on it.
   */
  readonly unreadable?: readonly string[];
  /** Why nobody can say whether the policy counts: what its statements allow or deny is unknown. Left out: it counts. */
  readonly inDoubt?: string;
}

/**
 * What a policy is attached to. `service-control`, `resource-control`: of an organization. `endpoint`: of a VPC endpoint.
 * `trust`: a role's own policy, who may assume it; it never decides about KMS.
 */
export type PolicyKind =
  | 'key'
  | 'identity'
  | 'boundary'
  | 'session'
  | 'service-control'
  | 'resource-control'
  | 'endpoint'
  | 'trust';

/**
 * One statement of a policy, with one-or-many members made lists.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 */
export interface Statement {
  /** Counted from 1, as people and AWS's own messages count. */
  readonly index: number;
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly principals: Principals | undefined;
  readonly notPrincipals: Principals | undefined;
  /** An empty list (the member was left out) matches nothing: KMS accepts such a statement, and it has no effect. */
  readonly actions: readonly Value[];
  readonly notActions: readonly Value[] | undefined;
  readonly resources: readonly Value[];
  readonly notResources: readonly Value[] | undefined;
  readonly conditions: readonly Condition[];
  /**
   * Conditions of the template, all of which must hold for the statement to be there at all; left out: it always is. A
   * statement with `Fn::If` in it is several statements of one index, each with what is there in one case.
   */
  readonly onlyIf?: readonly TemplateCondition[];
}

/** Whom a statement names; `*` is everyone. A 12-digit account number is already the ARN of the account's root. */
export type Principals = '*' | Readonly<Partial<Record<PrincipalType, readonly Value[]>>>;
/** The kinds of principals that a policy can name. */
export type PrincipalType = 'AWS' | 'Service' | 'Federated' | 'CanonicalUser';

/** One line of a condition block; all lines must hold, any of the values suffices. */
export interface Condition {
  /** With its prefix and suffix, as written: `ForAnyValue:StringLikeIfExists`. */
  readonly operator: string;
  readonly key: string;
  readonly values: readonly Value[];
}
