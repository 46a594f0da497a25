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
 * @throws EnvelopeError `PLAINTEXT_INVALID`, which names the paths of the first ten issues. It holds no values, and
 * therefore neither the issues' messages nor what a validator threw, since validators quote what they read
 */
export async function validated<Output>(schema: StandardSchema<Output>, value: unknown): Promise<Output> {
  let result: SchemaResult<Output>;
  try {
    result = await schema['~standard'].validate(value);
  } catch {
    throw new EnvelopeError('PLAINTEXT_INVALID', 'the schema failed on the plaintext instead of answering with issues');
  }
  if (result.issues === undefined) return result.value;
  const paths = [...new Set(result.issues.map(pathText))];
  const more = paths.length > MAX_PATHS ? ` and ${paths.length - MAX_PATHS} more` : '';
  throw new EnvelopeError(
    'PLAINTEXT_INVALID',
    `the plaintext is authentic, but the schema refuses it at: ${paths.slice(0, MAX_PATHS).join(', ')}${more}`,
  );
}

/** `cards[0]."postal.code"`; the whole value is called so. */
function pathText({ path = [] }: SchemaIssue): string {
  if (path.length === 0) return 'the whole value';
  return path
    .map((part) => (typeof part === 'object' ? part.key : part))
    .map((key, index) => {
      if (typeof key === 'number') return `[${key}]`;
      const name = String(key);
      return `${index === 0 ? '' : '.'}${/^[\w$-]{1,64}$/.test(name) ? name : shown(name)}`;
    })
    .join('');
}
