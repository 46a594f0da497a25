import type { Json } from '../parsing/findings.ts';

/** One template with what the assembly says about it. */
export interface Stack {
  /** {@link StackModel.name} */
  readonly id: string;
  /** Undefined for a nested stack, which CloudFormation names. */
  readonly stackName: string | undefined;
  readonly constructPath: string;
  /** Undefined where the app leaves it open. */
  readonly account: string | undefined;
  readonly region: string | undefined;
  readonly template: Json;
  readonly templateFile: string;
  /** Folder of the assembly that the stack is in; asset paths start there. */
  readonly directory: string;
  /** Construct paths by logical id, from the manifest; those of nested stacks are among their parent's. */
  readonly paths: ReadonlyMap<string, readonly string[]>;
  /** Absolute path of a staged file, by hash and by object key. */
  readonly assets: ReadonlyMap<string, string>;
  readonly parent?: { readonly stack: Stack; readonly logicalId: string };
}

/** The stack in which the environment of a nested stack is decided. */
export function topOf(stack: Stack): Stack {
  return stack.parent === undefined ? stack : topOf(stack.parent.stack);
}
