import { shown } from './context.ts';
import { fail } from './errors.ts';
import { type PlaintextReader, parsed } from './input.ts';

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

/**
 * Makes of a message's JSON what a validator makes of it: zod, valibot, ArkType and every other with the Standard Schema
 * interface, also one that takes its time.
 * @param schema - checks what the JSON text says
 * @returns what `decrypt` and `decryptMany` take as format. They then fail with `PLAINTEXT_FORMAT` for something else
 * than JSON, and with `PLAINTEXT_INVALID` for what the validator refuses. The error names the first ten issues by JSON
 * Pointer (RFC 6901). It holds no values, and therefore neither the issues' messages nor what a validator threw, since
 * validators quote what they read
 * @throws EnvelopeError `INVALID_INPUT` when it is no validator of version 1 of the interface
 */
export function validatedBy<Output>(schema: StandardSchema<Output>): PlaintextReader<Output> {
  // Some validators are functions, and what is called a schema may be of another kind altogether.
  const standard = (schema as Partial<StandardSchema<Output>> | undefined)?.['~standard'];
  if (standard?.version !== 1 || typeof standard.validate !== 'function') {
    fail('INVALID_INPUT', 'the schema is no Standard Schema validator of version 1');
  }
  return { readPlaintext: async (plaintext) => validated(schema, parsed(plaintext, 'json')) };
}

async function validated<Output>(schema: StandardSchema<Output>, value: unknown): Promise<Output> {
  let paths = 'by failing instead of answering with issues';
  try {
    const result = await schema['~standard'].validate(value);
    if (result.issues === undefined) return result.value;
    const pointers = new Set(result.issues.slice(0, MAX_PATHS).map(pointer));
    paths = `at ${[...pointers].join(', ')} (issues: ${result.issues.length})`;
  } catch {
    // As said above.
  }
  return fail('PLAINTEXT_INVALID', `the plaintext is authentic, but the schema refuses it ${paths}`);
}

/** `"/cards/0/number"`; the whole value is the empty pointer. */
function pointer({ path = [] }: SchemaIssue): string {
  const tokens = path.map((part) => String(typeof part === 'object' ? part.key : part));
  return shown(tokens.map((token) => `/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''));
}
