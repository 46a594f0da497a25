import type { Json } from '../parsing/findings.ts';
import { objectAt, stringAt } from './files.ts';
import type { Stack } from './stack.ts';

/** The path of the construct that the author wrote: without the resource that it stands for. */
export function constructOf(path: string): string {
  return path.replace(/\/(Resource|Default)$/, '');
}

/** The construct path of a resource; a template that CDK did not write has none, and gets `<stack>/<logical id>`. */
export function constructPathOf(stack: Stack, logicalId: string, resource: Json): string {
  const path = stringAt(objectAt(resource, 'Metadata'), 'aws:cdk:path');
  if (path !== undefined) return constructOf(path);
  // A stack and one nested in it may use one logical id; the one nested deeper has the longer path.
  const own = (stack.paths.get(logicalId) ?? []).filter((candidate) => candidate.startsWith(`${stack.constructPath}/`));
  return own.sort((a, b) => a.length - b.length)[0] ?? `${stack.constructPath}/${logicalId}`;
}
