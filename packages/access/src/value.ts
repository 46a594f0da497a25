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
  | { readonly kind: 'parameter'; readonly stack: string; readonly name: string }
  /** Anything else, with the reason in words: a dynamic reference, an unsupported intrinsic, a cycle. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** What deployment (or a local stand-in for it) puts in the place of a part; undefined leaves the part unknown. */
export type Binding = (part: Unresolved) => string | undefined;

/** JSON of a template after its intrinsics are resolved: every string in it may be symbolic. */
export type Resolved = Value | number | boolean | null | readonly Resolved[] | { readonly [key: string]: Resolved };
