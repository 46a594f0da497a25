import type { Conditions, PolicyPlace, ServiceFacts } from './facts';

/** One statement of a use, as AWS documents it. */
export interface DocumentedStatement {
  readonly actions: readonly string[];
  /** The conditions; none where AWS documents none. */
  readonly conditions?: (facts: ServiceFacts) => Conditions;
}

/** The resources for which a service uses a key, and what their ARNs look like. */
export interface SourceShape {
  /** What the resource is, in a word or two. */
  readonly of: string;
  /** The ARN of one of that name or id; `*` for all of the account. */
  readonly arn: (place: PolicyPlace, name: string) => string;
}

/**
 * One use that an AWS service makes of keys: who asks, for what, under which conditions, and where AWS says so.
 *
 * The tables below `uses/` hold one for each; statements, methods, documentation and tests follow from them.
 */
export interface ServiceUse {
  /** Service and use, `CloudWatch Logs: log group`. */
  readonly title: string;
  /** The call that writes it: `key.services.<this>`. */
  readonly call: string;
  /** Service principals, or `identity` where the statement is for principals that the author names. */
  readonly principals: 'identity' | ((place: PolicyPlace) => readonly string[]);
  readonly statements: readonly DocumentedStatement[];
  /** Absent where the service names no resource, or where AWS documents that its conditions are not supported. */
  readonly source?: SourceShape;
  /** The page of AWS that documents it. */
  readonly see: string;
  /** What goes wrong easily. */
  readonly trap?: string;
  /** Whether it comes by itself when the key is given to a resource that needs it. */
  readonly automatic: boolean;
  /** Of which keys: symmetric encryption keys unless it says otherwise. */
  readonly keys?: 'signing';
}

/** A service principal that has the same name in every Region and partition. */
export const universal =
  (...names: readonly string[]) =>
  (): readonly string[] =>
    names.map((name) => `${name}.amazonaws.com`);

/** Actions of KMS by their names without `kms:`. */
export const kms = (...names: readonly string[]): readonly string[] => names.map((name) => `kms:${name}`);

/** A table of uses, whose ids are its keys. */
export function uses<const Table extends Record<string, ServiceUse>>(
  table: Table,
): Readonly<Record<keyof Table, ServiceUse>> {
  return table;
}

/** `https://docs.aws.amazon.com/` and the page. */
export const page = (path: string): string => `https://docs.aws.amazon.com/${path}`;
