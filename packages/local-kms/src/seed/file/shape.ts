/**
 * What a value of a seed file may be. One description checks the value and writes the JSON Schema of it, so that the two
 * cannot say different things.
 */
export type Shape = TextShape | NumberShape | ListShape | RecordShape | ObjectShape | AnyObjectShape;

interface Described {
  /** For people, in the schema. */
  readonly says: string;
}

interface TextShape extends Described {
  readonly kind: 'text';
  readonly pattern?: RegExp;
  /** The pattern in words, for the problem. */
  readonly form?: string;
  readonly oneOf?: readonly string[];
  readonly min?: number;
  readonly max: number;
  /** Never shown in a problem. */
  readonly secret?: true;
}

interface NumberShape extends Described {
  readonly kind: 'number';
  readonly min: number;
  readonly max: number;
}

interface ListShape extends Described {
  readonly kind: 'list';
  readonly of: Shape;
  readonly max: number;
}

/** Any names, each with a value of one shape. */
interface RecordShape extends Described {
  readonly kind: 'record';
  readonly of: TextShape;
  readonly max: number;
}

interface ObjectShape extends Described {
  readonly kind: 'object';
  readonly members: Readonly<Record<string, Shape>>;
  readonly required: readonly string[];
}

/** A policy document: read by who knows policies. */
interface AnyObjectShape extends Described {
  readonly kind: 'document';
}

const MAX_SHOWN = 60;

/** What is wrong with a value, all of it, each with its path. */
export function problemsOf(shape: Shape, value: unknown, path: string): readonly string[] {
  switch (shape.kind) {
    case 'text':
      return textProblems(shape, value, path);
    case 'number':
      return Number.isInteger(value) && Number(value) >= shape.min && Number(value) <= shape.max
        ? []
        : [`${path} must be a whole number from ${shape.min} to ${shape.max}, not ${shown(value)}`];
    case 'list':
      if (!Array.isArray(value)) return [`${path} must be a list, not ${kindOf(value)}`];
      if (value.length > shape.max) return [`${path} has ${value.length} items; at most ${shape.max} are allowed`];
      return value.flatMap((item, index) => problemsOf(shape.of, item, `${path}[${index}]`));
    case 'record': {
      if (!isObject(value)) return [`${path} must be an object, not ${kindOf(value)}`];
      const entries = Object.entries(value);
      if (entries.length > shape.max)
        return [`${path} has ${entries.length} members; at most ${shape.max} are allowed`];
      return entries.flatMap(([name, item]) => problemsOf(shape.of, item, `${path}.${name.slice(0, MAX_SHOWN)}`));
    }
    case 'object':
      return objectProblems(shape, value, path);
    case 'document':
      return isObject(value) ? [] : [`${path} must be a policy document, which is an object, not ${kindOf(value)}`];
  }
}

function textProblems(shape: TextShape, value: unknown, path: string): readonly string[] {
  const { pattern, form, oneOf, min = 1, max, secret = false } = shape;
  const not = secret ? '' : `, not ${shown(value)}`;
  if (typeof value !== 'string') {
    const quote = typeof value === 'number' ? '; put it in quotes' : '';
    return [`${path} must be text, not ${kindOf(value)}${quote}`];
  }
  if (value.length < min || value.length > max) {
    return [`${path} must have ${min} to ${max} characters, and has ${value.length}`];
  }
  if (oneOf !== undefined && !oneOf.includes(value)) return [`${path} must be one of ${oneOf.join(', ')}${not}`];
  return pattern === undefined || pattern.test(value) ? [] : [`${path} must be ${form ?? 'of another form'}${not}`];
}

function objectProblems({ members, required }: ObjectShape, value: unknown, path: string): readonly string[] {
  if (!isObject(value)) return [`${path || 'the file'} must be an object, not ${kindOf(value)}`];
  const at = (name: string) => (path === '' ? name : `${path}.${name}`);
  return [
    ...required.filter((name) => value[name] === undefined).map((name) => `${at(name)} is missing`),
    ...Object.keys(value)
      .filter((name) => !Object.hasOwn(members, name))
      .map((name) => `${at(name.slice(0, MAX_SHOWN))} is no member; there are ${Object.keys(members).join(', ')}`),
    ...Object.entries(members).flatMap(([name, shape]) =>
      value[name] === undefined ? [] : problemsOf(shape, value[name], at(name)),
    ),
  ];
}

/** The JSON Schema of a shape. */
export function schemaOf(shape: Shape): Record<string, unknown> {
  const description = shape.says;
  switch (shape.kind) {
    case 'text':
      if (shape.oneOf !== undefined) return { description, enum: shape.oneOf };
      return {
        description,
        type: 'string',
        minLength: shape.min ?? 1,
        maxLength: shape.max,
        ...(shape.pattern && { pattern: shape.pattern.source }),
      };
    case 'number':
      return { description, type: 'integer', minimum: shape.min, maximum: shape.max };
    case 'list':
      return { description, type: 'array', maxItems: shape.max, items: schemaOf(shape.of) };
    case 'record':
      return { description, type: 'object', maxProperties: shape.max, additionalProperties: schemaOf(shape.of) };
    case 'object':
      return {
        description,
        type: 'object',
        required: shape.required,
        additionalProperties: false,
        properties: Object.fromEntries(Object.entries(shape.members).map(([name, of]) => [name, schemaOf(of)])),
      };
    case 'document':
      return { description, type: 'object' };
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null) return 'nothing';
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function shown(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number'
    ? JSON.stringify(value).slice(0, MAX_SHOWN)
    : kindOf(value);
}
