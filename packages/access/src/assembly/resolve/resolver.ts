import { LIMITS } from '../../limits.ts';
import { isObject } from '../../parsing/findings.ts';
import { assumeValue } from '../../symbolic/choices.ts';
import type { Outcome } from '../../symbolic/outcome.ts';
import { isSymbolic, unknown } from '../../symbolic/text.ts';
import type { TemplateCondition, Value } from '../../value.ts';
import type { Stack } from '../input/stack.ts';
import { withDynamicReferences } from './dynamic.ts';
import { environmentsOf } from './environments.ts';
import { intrinsicOf } from './intrinsics.ts';
import { macroName } from './macros.ts';
import type { Scope } from './scope.ts';

/** Gives for every stack the place in which its template is resolved. */
export function scopesOf(stacks: readonly Stack[]): (stack: Stack) => Scope {
  const environments = environmentsOf(stacks);
  const once = onlyOnce();

  const scopeAt = (stack: Stack, depth: number, assumptions: Assumptions): Scope => {
    let next: Scope | undefined;
    const deeper = () => {
      next ??= scopeAt(stack, depth + 1, assumptions);
      return next;
    };
    return {
      stack,
      stacks,
      environment: environments.get(stack) ?? stack.id,
      known: assumptions.known,
      assumed: (of, name) => assumptions.made.find((one) => one.stack === of && one.name === name)?.is,
      assume: (condition) => scopeAt(stack, depth, { made: [...assumptions.made, condition], known: new Map() }),
      once: (name, resolve) => {
        const value = once(name, () => resolve(scopeAt(stack, depth, NOTHING_ASSUMED)));
        return assumptions.made.reduce(assumeValue, value);
      },
      within: (other) => scopeAt(other, depth + 1, assumptions),
      tooDeep: depth > LIMITS.references.most,
      resolve: (json) => resolveJson(json, depth > LIMITS.references.most ? undefined : deeper()),
    };
  };
  const shared: Assumptions = { made: [], known: new Map() };
  const NOTHING_ASSUMED = shared;
  return (stack) => scopeAt(stack, 0, shared);
}

interface Assumptions {
  readonly made: readonly TemplateCondition[];
  readonly known: Scope['known'];
}

/** What is referred to while it is being resolved is unknown; everything else is resolved once. */
function onlyOnce(): (name: string, resolve: () => Value) => Value {
  const done = new Map<string, Value>();
  const running = new Set<string>();
  return (name, resolve) => {
    const known = done.get(name);
    if (known !== undefined) return known;
    if (running.has(name)) return unknown(`${name} refers to itself`);
    running.add(name);
    const value = resolve();
    running.delete(name);
    done.set(name, value);
    return value;
  };
}

function resolveJson(json: unknown, scope: Scope | undefined): Outcome {
  if (json === null || typeof json === 'number' || typeof json === 'boolean') return json;
  if (typeof json === 'string') return withDynamicReferences(json, scope?.environment ?? '');
  if (scope === undefined) return unknown('the template is nested too deeply');
  if (Array.isArray(json)) return json.map(scope.resolve).filter((item) => item !== undefined);
  if (!isObject(json)) return undefined;
  const intrinsic = intrinsicOf(json);
  if (intrinsic !== undefined) return intrinsic.run(scope);
  const macro = macroName(json['Fn::Transform']);
  if (macro !== undefined) return unknown(`macro ${macro} makes this at deployment`);
  const loop = Object.keys(json).find((name) => name.startsWith('Fn::ForEach::'));
  if (loop !== undefined) return unknown(`what ${loop} repeats is known after deployment only`);
  // Names come from the template: no prototype, so that `__proto__` is a name as any other.
  const members: Record<string, Outcome> = Object.create(null);
  for (const [name, member] of Object.entries(json)) {
    const outcome = scope.resolve(member);
    if (outcome !== undefined) members[name] = outcome;
  }
  // What stands for unknown strings here is made of intrinsic functions only.
  return isSymbolic(members) ? unknown('an object that no template holds') : members;
}
