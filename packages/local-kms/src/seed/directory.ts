import type { VpcEndpoint } from '../authorize/way.ts';
import { LocalKmsError, type LocalKmsErrorCode } from '../errors.ts';
import type { Principal } from '../identity/principal.ts';
import type { App } from './app.ts';
import type { SeededContainer } from './containers.ts';
import type { SeededFunction } from './functions.ts';
import { type Lookup, lookup, type Named } from './names.ts';

/** Who a name stands for: a role or user, and what runs as the role, where the name is that of a function or container. */
export interface Who {
  readonly principal: Principal | undefined;
  readonly fn: SeededFunction | undefined;
  readonly container: SeededContainer | undefined;
  /** The Region that it calls unless its code says another. */
  readonly region: string;
}

/** Everybody of an app by the names that people use. */
export interface Directory {
  readonly people: readonly Named<Who>[];
  readonly functions: readonly Named<SeededFunction>[];
}

export function directoryOf({ principals, functions, containers }: App): Directory {
  const functionNames = functions.map((seeded): Named<SeededFunction> => {
    const { name, constructPath, logicalId } = seeded.fn;
    return { thing: seeded, name: constructPath, names: unique([constructPath, logicalId, name]) };
  });
  const principalNames = principals.map(({ principal, constructPath, logicalId, region }): Named<Who> => {
    const names = unique([constructPath, logicalId, principal.name, principal.arn]);
    return { thing: { ...NOBODY_ELSE, principal, region }, name: constructPath, names };
  });
  const asWho = functionNames.map((named) => ({
    ...named,
    thing: { ...NOBODY_ELSE, principal: named.thing.role, fn: named.thing, region: named.thing.fn.region },
  }));
  const containerNames = containers.map((container): Named<Who> => {
    const { path, role, region } = container;
    return { thing: { ...NOBODY_ELSE, principal: role, container, region }, name: path, names: [path] };
  });
  return { people: [...asWho, ...containerNames, ...principalNames], functions: functionNames };
}

/** A role or user by its own name. */
const NOBODY_ELSE = { fn: undefined, container: undefined };

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}

/** @throws {@link LocalKmsError} `UNKNOWN_PRINCIPAL` or `AMBIGUOUS_PRINCIPAL` */
export function whoIs(directory: Directory, name: string): Who & { readonly principal: Principal } {
  const who = find(directory.people, name, 'principal', 'UNKNOWN_PRINCIPAL', 'AMBIGUOUS_PRINCIPAL');
  const { principal, fn, container } = who;
  if (principal !== undefined) return { ...who, principal };
  if (container !== undefined && !container.hasRole) {
    const text = `container "${name}" has no credentials: its task definition has no task role`;
    throw new LocalKmsError('UNKNOWN_PRINCIPAL', text);
  }
  const role = fn?.fn.roleArn ?? container?.roleArn ?? 'a role that is known after deployment only';
  const what = container === undefined ? 'function' : 'container';
  throw new LocalKmsError(
    'UNKNOWN_PRINCIPAL',
    `${what} "${name}" runs as ${role}, which the app does not declare: its policies are not known here`,
  );
}

/** @throws {@link LocalKmsError} `UNKNOWN_FUNCTION` or `AMBIGUOUS_FUNCTION` */
export function whichFunction(directory: Directory, name: string): SeededFunction {
  return find(directory.functions, name, 'function', 'UNKNOWN_FUNCTION', 'AMBIGUOUS_FUNCTION');
}

/** The VPC endpoint of an app that a name stands for, or why there is none. */
export function whichVpcEndpoint({ vpcEndpoints }: App, name: string): VpcEndpoint | { readonly problem: string } {
  const result = lookup(vpcEndpoints, name);
  return result.is === 'one' ? result.thing : { problem: missing(vpcEndpoints, name, 'VPC endpoint for KMS', result) };
}

const MAX_LISTED = 20;

function find<T>(
  all: readonly Named<T>[],
  name: string,
  what: string,
  unknown: LocalKmsErrorCode,
  ambiguous: LocalKmsErrorCode,
): T {
  const result = lookup(all, name);
  if (result.is === 'one') return result.thing;
  throw new LocalKmsError(result.is === 'several' ? ambiguous : unknown, missing(all, name, what, result));
}

function missing<T>(
  all: readonly Named<T>[],
  name: string,
  what: string,
  result: Exclude<Lookup<T>, { readonly is: 'one' }>,
): string {
  const quoted = JSON.stringify(name.slice(0, 200));
  if (result.is === 'several') return `${what} ${quoted} is ambiguous: say one of ${result.names.join(', ')}`;
  const near = result.near.length > 0 ? ` did you mean ${result.near.join(' or ')}?` : '';
  const listed = all.slice(0, MAX_LISTED).map((one) => one.name);
  const more = all.length > MAX_LISTED ? ` and ${all.length - MAX_LISTED} more` : '';
  const known = listed.length > 0 ? `the app has ${listed.join(', ')}${more}` : 'the app has none';
  return `no ${what} is called ${quoted};${near} ${known}`;
}
