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
  return stack.paths.get(logicalId) ?? `${stack.constructPath}/${logicalId}`;
}
