import type { SourcePosition } from '../../model.ts';
import type { Json } from '../../parsing/findings.ts';
import { objectAt, stringAt } from './files.ts';
import type { ConstructEntry } from './metadata.ts';
import type { Stack } from './stack.ts';

/** The path of the construct that the author wrote: without the resource that it stands for. */
export function constructOf(path: string): string {
  return path.replace(/(\/(Resource|Default))+$/, '');
}

/** The construct path of a resource; a template that CDK did not write has none, and gets `<stack>/<logical id>`. */
export function constructPathOf(stack: Stack, logicalId: string, resource: Json): string {
  const path = stringAt(objectAt(resource, 'Metadata'), 'aws:cdk:path') ?? entryOf(stack, logicalId, resource)?.path;
  return path === undefined ? `${stack.constructPath}/${logicalId}` : constructOf(path);
}

/** Where the author's code declares a resource; as a fallback, where the template does. */
export function sourceOf(stack: Stack, logicalId: string, resource: Json): SourcePosition | undefined {
  const source = entryOf(stack, logicalId, resource)?.source;
  if (source !== undefined) return source;
  const position = stack.positions.get(logicalId);
  return position === undefined ? undefined : { file: stack.templateFile, ...position };
}

function entryOf(stack: Stack, logicalId: string, resource: Json): ConstructEntry | undefined {
  const entries = stack.metadata.get(logicalId) ?? [];
  const path = stringAt(objectAt(resource, 'Metadata'), 'aws:cdk:path');
  if (path !== undefined) return entries.find((entry) => entry.path === path);
  // A stack and one nested in it may use one logical id; the one nested deeper has the longer path.
  const own = entries.filter((entry) => entry.path.startsWith(`${stack.constructPath}/`));
  return [...own].sort((a, b) => a.path.length - b.path.length)[0];
}
