import { Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';

/**
 * What a value has to be, at run time. The compiler sees to it for TypeScript, and jsii for other languages; plain
 * JavaScript can give anything, and would be told of a property of undefined somewhere inside of the library.
 */
export interface Kind<Optional extends boolean = false> {
  /** For messages: `a text`. */
  readonly what: string;
  readonly optional: Optional;
  readonly is: (value: unknown) => boolean;
  /** What is wrong with its members, when it is of the kind. */
  readonly within?: (where: string, value: unknown) => string[];
}

/** A kind for every member of an interface: the compiler asks for all of them, and for `maybe` where one can be left out. */
export type Shape<P> = { readonly [N in keyof P]-?: object extends Pick<P, N> ? Kind<true> : Kind };

const kind = (what: string, is: (value: unknown) => boolean): Kind => ({ what, optional: false, is });

/** A member that can be left out. */
export const maybe = (one: Kind): Kind<true> => ({ ...one, optional: true });

export const text = kind('a text', (value) => typeof value === 'string');
export const number = kind('a number', (value) => typeof value === 'number');
export const flag = kind('true or false', (value) => typeof value === 'boolean' || Token.isUnresolved(value));
export const date = kind('a Date', (value) => Object.prototype.toString.call(value) === '[object Date]');

/** An object with whatever members. */
export const object = (what: string): Kind => kind(what, (value) => isObject(value) && !Array.isArray(value));
/** An object of texts, by their names. */
export const texts: Kind = {
  ...object('an object of names and texts'),
  within: (where, value) =>
    Object.entries(value as object).flatMap(([name, one]) => kindProblems(`${where}.${name}`, one, text)),
};

/** An object that has a member, whatever its class: applications can have several copies of a library. */
export const having = (what: string, member: string): Kind => kind(what, (value) => isObject(value) && member in value);

export const duration = having('a Duration', 'toSeconds');
export const size = having('a Size', 'toBytes');
export const key = having('a key, as kms.IKey', 'keyArn');
export const principal = having('a principal, as iam.IPrincipal', 'policyFragment');
export const grantable = having('a principal, or what has one', 'grantPrincipal');

/** A number that is computed with: a token would give any other number. */
export const knownNumber = kind(
  'a number that is known at synthesis',
  (value) => typeof value === 'number' && !Token.isUnresolved(value),
);

/** A list token looks like a list of one text, which would be taken for a name. */
export const list = (of: Kind): Kind => ({
  ...kind(
    `a list that is known at synthesis, with ${of.what} in each place`,
    (value) => Array.isArray(value) && !Token.isUnresolved(value),
  ),
  within: (where, value) => (value as unknown[]).flatMap((one, at) => kindProblems(`${where}[${at}]`, one, of)),
});

export const struct = <P>(shape: Shape<P>): Kind => ({
  ...kind(`an object with ${Object.keys(shape).join(', ')}`, (value) => isObject(value) && !Array.isArray(value)),
  within: (where, value) => memberProblems(value as object, shape, `${where}.`),
});

/**
 * Refuses properties, or arguments by their names, that are not what they have to be, all at once.
 *
 * @param where the path of the construct, or the function
 * @throws when one of them is not
 */
export function requireShape<P>(where: string, given: P | undefined | null, shape: Shape<P>): void {
  const found = isObject(given)
    ? memberProblems(given, shape, '')
    : [`the properties are ${shown(given)}; give an object with ${Object.keys(shape).join(', ')}`];
  if (found.length > 0) {
    throw new Error(`${where}: ${found.join('; ')}`);
  }
}

/**
 * The same for one argument.
 *
 * @throws when it is not of the kind
 */
export function requireKind(where: string, name: string, value: unknown, one: Kind<boolean>): void {
  const found = kindProblems(name, value, one);
  if (found.length > 0) {
    throw new Error(`${where}: ${found.join('; ')}`);
  }
}

function memberProblems(given: object, shape: object, prefix: string): string[] {
  return Object.entries(shape as Record<string, Kind<boolean>>).flatMap(([name, one]) =>
    kindProblems(`${prefix}${name}`, (given as Record<string, unknown>)[name], one),
  );
}

function kindProblems(where: string, value: unknown, one: Kind<boolean>): string[] {
  if (value === undefined && one.optional) {
    return [];
  }
  return one.is(value)
    ? (one.within?.(where, value) ?? [])
    : [`${where} is ${shown(value)}; give ${one.what}${one.optional ? ', or leave it out' : ''}`];
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** A value as errors name it: never what is in an object. */
export function shown(value: unknown): string {
  if (Construct.isConstruct(value)) {
    return value.node.path;
  }
  if (Token.isUnresolved(value)) {
    return 'a token, known at deployment only';
  }
  if (Array.isArray(value)) {
    return `a list of ${value.length}`;
  }
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.slice(0, 40));
    case 'object':
      return value === null ? 'null' : `an object (${value.constructor?.name ?? 'without class'})`;
    case 'function':
      return `a function (${value.name})`;
    default:
      return String(value);
  }
}
