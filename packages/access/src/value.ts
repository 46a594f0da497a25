/**
 * Strings of a template that are not known before deployment.
 *
 * A template says `{"Fn::GetAtt": ["Key", "Arn"]}` where AWS will later put an ARN. Such a string is kept as the
 * parts that are known and the parts that are not; nothing is guessed.
 */
export type Value = string | SymbolicValue;

/** A string of which at least one part is not known before deployment. */
export interface SymbolicValue {
  readonly parts: readonly (string | Unresolved)[];
}

/** A part of a string that only deployment, or the author of the app, can tell. */
export type Unresolved =
  /** What `Ref` (attribute `Ref`) or `Fn::GetAtt` of a resource of the app gives. Two equal ones are the same string. */
  | {
      readonly kind: 'attribute';
      readonly stack: string;
      readonly logicalId: string;
      readonly attribute: string;
      /** CloudFormation type of the resource: it tells what the string can look like. Two equal parts need not both have it. */
      readonly resourceType?: string;
    }
  /**
   * `AWS::AccountId` or `AWS::Region` of a stack whose environment the app leaves open, or another pseudo parameter.
   * Stacks that certainly share an environment (a nested stack and its parent, two stacks that share an export) give
   * the same `stack`.
   */
  | { readonly kind: 'pseudo'; readonly stack: string; readonly name: string }
  | {
      readonly kind: 'parameter';
      readonly stack: string;
      readonly name: string;
      /** The SSM parameter that deployment reads it from, where the template says one. */
      readonly ssm?: string;
    }
  /** `{{resolve:ssm:…}}` and the like, with its braces: read by CloudFormation during deployment. `stack` as for `pseudo`. */
  | { readonly kind: 'dynamic'; readonly stack: string; readonly reference: string }
  /** `Fn::If` on a condition that deployment decides: one of the two strings. */
  | {
      readonly kind: 'choice';
      readonly stack: string;
      /** Name of the condition in the template of `stack`. */
      readonly condition: string;
      readonly whenTrue: Value;
      readonly whenFalse: Value;
    }
  /** Anything else, with the reason in words: an unsupported intrinsic, a cycle. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** A condition of a template that deployment decides, and the outcome under which something is there. */
export interface TemplateCondition {
  readonly stack: string;
  readonly name: string;
  readonly is: boolean;
}

/** What deployment (or a local stand-in for it) puts in the place of a part; undefined leaves the part unknown. */
export type Binding = (part: Unresolved) => string | undefined;
