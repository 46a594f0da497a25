import type { Json } from '../../parsing/findings.ts';
import type { Position } from './json-text.ts';
import type { Acknowledgement, Metadata } from './metadata.ts';

/** One template with what is known about it from elsewhere. */
export interface Stack {
  /** {@link StackModel.name} */
  readonly id: string;
  /** Undefined for a nested stack, which CloudFormation names, and for a template without an assembly. */
  readonly stackName: string | undefined;
  readonly constructPath: string;
  /** Undefined where the app leaves it open. */
  readonly account: string | undefined;
  readonly region: string | undefined;
  /** ARN of the role with which CloudFormation makes the resources, as the manifest writes it. */
  readonly executionRoleArn: string | undefined;
  readonly template: Json;
  /** Absolute path, or the name under which a text was given. */
  readonly templateFile: string;
  /** Where the resources stand in the template's file. */
  readonly positions: ReadonlyMap<string, Position>;
  /** Folder that relative paths of assets start from. */
  readonly directory: string;
  /** What the manifest says about the constructs of the stack and of those nested in it. */
  readonly metadata: Metadata;
  /** Rules that are acknowledged for constructs of the stack, and of those nested in it. */
  readonly acknowledgements: readonly Acknowledgement[];
  /** Absolute path of a staged file, by hash and by object key. */
  readonly assets: ReadonlyMap<string, string>;
  readonly parent?: { readonly stack: Stack; readonly logicalId: string };
}

/** The stack in which the environment of a nested stack is decided. */
export function topOf(stack: Stack): Stack {
  return stack.parent === undefined ? stack : topOf(stack.parent.stack);
}

/** Whether a stack can be in the given account and Region; what the app leaves open can be anywhere. */
export function canBeIn(stack: Stack, account: string | undefined, region: string | undefined): boolean {
  const agree = (a: string | undefined, b: string | undefined) => a === undefined || b === undefined || a === b;
  return agree(stack.account, account) && agree(stack.region, region);
}
