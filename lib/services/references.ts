import {
  Aws,
  CfnElement,
  type CfnResource,
  DefaultTokenResolver,
  type IFragmentConcatenator,
  type IResolvable,
  type IResolveContext,
  Reference,
  Token,
  Tokenization,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** A value as it will stand in a template, and the elements of the template that it refers to. */
export interface Resolved {
  readonly value: unknown;
  /** The references, in the order in which they are met. */
  readonly references: readonly Reference[];
}

const PSEUDO_PARAMETERS: Readonly<Record<string, string>> = {
  'AWS::AccountId': Aws.ACCOUNT_ID,
  'AWS::Partition': Aws.PARTITION,
  'AWS::Region': Aws.REGION,
  'AWS::URLSuffix': Aws.URL_SUFFIX,
};

/** Puts a string together; what is a function of CloudFormation becomes a token again, a pseudo parameter its constant. */
const TEXT: IFragmentConcatenator = {
  join: (left: unknown, right: unknown) => `${textOf(left)}${textOf(right)}`,
};

function textOf(part: unknown): string {
  if (typeof part !== 'object' || part === null) {
    return String(part ?? '');
  }
  const { Ref: name } = part as { Ref?: unknown };
  return (typeof name === 'string' ? PSEUDO_PARAMETERS[name] : undefined) ?? Token.asString(part);
}

/**
 * Resolves a value without rendering its references. A reference across stacks renders into names and exports, which is
 * not for a mere look to bring about.
 */
class ReferenceCollector extends DefaultTokenResolver {
  public readonly references: Reference[] = [];

  constructor() {
    super(TEXT);
  }

  public override resolveToken(
    token: IResolvable,
    context: IResolveContext,
    post: Parameters<DefaultTokenResolver['resolveToken']>[2],
  ) {
    if (!Reference.isReference(token)) {
      return super.resolveToken(token, context, post);
    }
    if (CfnElement.isCfnElement(token.target)) {
      return mark(this.references.push(token) - 1);
    }
    // A pseudo parameter, `AWS::Region`: no element of the template.
    return super.resolveToken(token, context, post);
  }
}

/** Where the reference of that number stood. The character is of the private use area: no template has it. */
const mark = (index: number) => `\uE000${index}\uE000`;

const MARKS = /\uE000(\d+)\uE000/g;

/** A value with what it refers to. */
export function resolved(scope: IConstruct, value: unknown): Resolved {
  const resolver = new ReferenceCollector();
  return { value: Tokenization.resolve(value, { scope, resolver, preparing: false }), references: resolver.references };
}

/** The elements that a part of a resolved value refers to. */
export function targetsIn(part: unknown, { references }: Resolved): readonly CfnElement[] {
  const text = JSON.stringify(part) ?? '';
  return [...text.matchAll(MARKS)]
    .map(([, index]) => references[Number(index)]?.target)
    .filter((target): target is CfnElement => target !== undefined && CfnElement.isCfnElement(target));
}

/** The text of a value, with tokens where it refers to something; undefined when it is none. */
export function textIn(part: unknown, { references }: Resolved): string | undefined {
  return typeof part === 'string'
    ? part.replaceAll(MARKS, (_mark, index) => Token.asString(references[Number(index)]))
    : undefined;
}

/** The text of a value that refers to nothing; undefined for any other. */
export function literalIn(part: unknown): string | undefined {
  return typeof part === 'string' && !part.includes('\uE000') ? part : undefined;
}

/** A resource as the template will have it. */
export interface ResourceJson extends Resolved {
  readonly properties: unknown;
}

/** A resource as the template will have it, by the names of CloudFormation and with all overrides. */
export function resourceJson(resource: CfnResource): ResourceJson {
  // The one method that knows a resource in full; it is not part of the typed API.
  const template = (resource as unknown as { _toCloudFormation(): object })._toCloudFormation();
  const { value, references } = resolved(resource, template);
  const [json] = Object.values((value as { Resources?: Record<string, unknown> }).Resources ?? {});
  return { value: json, references, properties: (json as { Properties?: unknown } | undefined)?.Properties };
}

/** What stands at a path of names; `*` is every member of a list. */
export function valuesAt(value: unknown, path: string): unknown[] {
  const steps = path === '' ? [] : path.split('.');
  return steps.reduce<unknown[]>((found, step) => found.flatMap((each) => membersOf(each, step)), [value]);
}

function membersOf(value: unknown, step: string): unknown[] {
  if (step === '*') {
    return Array.isArray(value) ? value : [];
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) {
    return [];
  }
  return [(value as Record<string, unknown>)[step]];
}
