import type { App } from './app.ts';
import type { AppChange } from './change.ts';

/** How the roles, users, functions and containers of two states of an app differ. */
export function peopleChanges(before: App, after: App): readonly AppChange[] {
  const people = ({ principals }: App) =>
    principals.map(({ principal, constructPath }) => {
      const { type, arn, identityPolicies, unknownPolicies, permissionsBoundary, trustPolicy, maxSessionSeconds } =
        principal;
      const kind = type === 'user' ? ('user' as const) : ('role' as const);
      const parts = {
        name: arn,
        policies: [identityPolicies, unknownPolicies],
        'permissions boundary': permissionsBoundary,
        'trust policy': trustPolicy,
        'longest session': maxSessionSeconds,
      };
      return { kind, constructPath, parts };
    });
  const functions = ({ functions: all }: App) =>
    all.map(({ fn }) => {
      const { constructPath, name, roleArn, handler, runtime, codeAssetPath, environment } = fn;
      const parts = { name, role: roleArn, handler, runtime, code: codeAssetPath, environment };
      return { kind: 'function' as const, constructPath, parts };
    });
  const containers = ({ containers: all }: App) =>
    all.map(({ path, roleArn, environment }) => {
      return { kind: 'container' as const, constructPath: path, parts: { role: roleArn, environment } };
    });
  return [people, functions, containers].flatMap((of) => compared(of(before), of(after)));
}

interface Person {
  readonly kind: AppChange['kind'];
  readonly constructPath: string;
  /** What can change in it, by what it is called. */
  readonly parts: Readonly<Record<string, unknown>>;
}

function compared(before: readonly Person[], after: readonly Person[]): readonly AppChange[] {
  const [old, now] = [before, after].map((all) => new Map(all.map((one) => [`${one.kind} ${one.constructPath}`, one])));
  const change = (
    { kind, constructPath: name }: Person,
    what: AppChange['change'],
    details: readonly string[] = [],
  ) => {
    return { kind, name, change: what, details };
  };
  return [
    ...after.flatMap((person) => {
      const was = old?.get(`${person.kind} ${person.constructPath}`);
      if (was === undefined) return [change(person, 'added')];
      const details = Object.keys(person.parts).filter((part) => differ(person.parts[part], was.parts[part]));
      return details.length > 0 ? [change(person, 'changed', details)] : [];
    }),
    ...before
      .filter((person) => !now?.has(`${person.kind} ${person.constructPath}`))
      .map((person) => change(person, 'removed')),
  ];
}

function differ(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) !== JSON.stringify(b);
}
