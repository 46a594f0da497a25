import { isObject } from '../parsing/findings.ts';
import { concat, unknown } from '../symbolic/text.ts';
import type { Resolved, Value } from '../value.ts';
import { environmentsOf } from './environments.ts';
import { intrinsicOf } from './intrinsics.ts';
import type { Outcome, Scope } from './scope.ts';
import type { Stack } from './stack.ts';

/** Deeper than any template that people or tools write. */
const MAX_DEPTH = 200;

/** `{{resolve:ssm:…}}`: read by CloudFormation during deployment. */
const DYNAMIC = /(\{\{resolve:[^{}]*\}\})/;

/** Gives for every stack the place in which its template is resolved. */
export function scopesOf(stacks: readonly Stack[]): (stack: Stack) => Scope {
  const environments = environmentsOf(stacks);
  const done = new Map<string, Value>();
  const running = new Set<string>();

  const once = (name: string, resolve: () => Value): Value => {
    const known = done.get(name);
    if (known !== undefined) return known;
    if (running.has(name)) return unknown(`${name} refers to itself`);
    running.add(name);
    const value = resolve();
    running.delete(name);
    done.set(name, value);
    return value;
  };

  const scopeAt = (stack: Stack, depth: number): Scope => ({
    stack,
    stacks,
    environment: environments.get(stack) ?? stack.id,
    once,
    within: (other) => scopeAt(other, depth + 1),
    resolve: (json) => resolveJson(json, depth > MAX_DEPTH ? undefined : scopeAt(stack, depth + 1)),
  });
  return (stack) => scopeAt(stack, 0);
}

function resolveJson(json: unknown, scope: Scope | undefined): Outcome {
  if (json === null || typeof json === 'number' || typeof json === 'boolean') return json;
  if (typeof json === 'string') return withDynamicReferences(json);
  if (scope === undefined) return unknown('the template is nested too deeply');
  if (Array.isArray(json)) return json.map(scope.resolve).filter((item) => item !== undefined);
  if (!isObject(json)) return undefined;
  const intrinsic = intrinsicOf(json);
  if (intrinsic !== undefined) return intrinsic.run(scope);
  // Names come from the template: no prototype, so that `__proto__` is a name as any other.
  const members: Record<string, Resolved> = Object.create(null);
  for (const [name, member] of Object.entries(json)) {
    const outcome = scope.resolve(member);
    if (outcome !== undefined) members[name] = outcome;
  }
  return members;
}

function withDynamicReferences(text: string): Value {
  if (!text.includes('{{resolve:')) return text;
  const pieces = text.split(DYNAMIC);
  return concat(pieces.map((piece, index) => (index % 2 === 0 ? piece : unknown(`dynamic reference ${piece}`))));
}
