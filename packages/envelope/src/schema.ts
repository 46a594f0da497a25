import { shown } from './context.ts';
import { EnvelopeError } from './errors.ts';

/**
 * A validator with the interface that zod, valibot, ArkType and others share. It is described here by its shape, so
 * that nothing has to be installed for it.
 * @typeParam Output - what a valid value becomes
 * @see https://standardschema.dev
 */
export interface StandardSchema<Output> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

/** What a {@link StandardSchema} answers: a value, or the issues that it found. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** One issue of a {@link StandardSchema}. Its message is not used here: validators quote in it what they read. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** Paths that an error lists; a list of a thousand wrong elements would say no more. */
const MAX_PATHS = 10;

/** Whether the value is a validator. Some of them are functions. */
export function isSchema(value: unknown): value is StandardSchema<unknown> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  const standard = (value as Partial<StandardSchema<unknown>>)['~standard'];
  return standard?.version === 1 && typeof standard.validate === 'function';
}

/**
 * Has a validator, also one that takes its time, check a value.
 * @returns what the validator made of the value
 * @throws EnvelopeError `PLAINTEXT_INVALID`, which names the first ten issues by JSON Pointer (RFC 6901). It holds no
 * values, and therefore neither the issues' messages nor what a validator threw, since validators quote what they read
 */
export async function validated<Output>(schema: StandardSchema<Output>, value: unknown): Promise<Output> {
  let paths = 'by failing instead of answering with issues';
  try {
    const result = await schema['~standard'].validate(value);
    if (result.issues === undefined) return result.value;
    const pointers = new Set(result.issues.slice(0, MAX_PATHS).map(pointer));
    paths = `at ${[...pointers].join(', ')} (issues: ${result.issues.length})`;
  } catch {
    // As said above.
  }
  throw new EnvelopeError('PLAINTEXT_INVALID', `the plaintext is authentic, but the schema refuses it ${paths}`);
}

/** `"/cards/0/number"`; the whole value is the empty pointer. */
function pointer({ path = [] }: SchemaIssue): string {
  return shown(path.map((part) => `/${String(typeof part === 'object' ? part.key : part)}`).join(''));
}
