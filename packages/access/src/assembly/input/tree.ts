import { existsSync } from 'node:fs';
import { isObject, type Json } from '../../parsing/findings.ts';
import { inside, objectAt, stringAt } from './files.ts';
import type { ConstructEntry, Metadata } from './metadata.ts';
import type { Reading } from './reading.ts';

/** What a node of the construct tree says of the resource that it stands for. */
const LOGICAL_ID = 'aws:cdk:cloudformation:logicalId';

/**
 * Construct paths by logical id from `tree.json`, for assemblies whose metadata was left out. Ids of all stacks are among
 * them: the path of the stack tells them apart.
 */
export function readTree(
  reading: Reading,
  directory: string,
  artifacts: readonly (readonly [string, Json])[],
): Metadata {
  const found = new Map<string, ConstructEntry[]>();
  const waiting: unknown[] = artifacts.flatMap(([, artifact]) => {
    const file = artifact['type'] === 'cdk:tree' ? stringAt(objectAt(artifact, 'properties'), 'file') : undefined;
    const path = file === undefined ? undefined : inside(reading.root, directory, file);
    return path === undefined || !existsSync(path) ? [] : [reading.json(path)['tree']];
  });
  // Iterative: constructs nest as deep as they like.
  while (waiting.length > 0) {
    const node = waiting.pop();
    if (!isObject(node)) continue;
    for (const child of Object.values(objectAt(node, 'children'))) waiting.push(child);
    const [path, logicalId] = [stringAt(node, 'path'), stringAt(objectAt(node, 'attributes'), LOGICAL_ID)];
    if (path === undefined || logicalId === undefined) continue;
    found.set(logicalId, [...(found.get(logicalId) ?? []), { path, source: undefined }]);
  }
  return found;
}
