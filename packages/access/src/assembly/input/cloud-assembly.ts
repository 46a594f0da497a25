import { inside } from './files.ts';
import { readManifest } from './manifest.ts';
import { stagedTemplate, withNestedStacks } from './nested.ts';
import { readingOf } from './reading.ts';
import type { Stack } from './stack.ts';

/** Every stack of the cloud assembly with its nested stacks, each with a name of its own. */
export function readCloudAssembly(root: string): readonly Stack[] {
  const reading = readingOf(root);
  const found = readManifest(reading);
  const names = new Map<string, number>();
  for (const { stackName } of found) names.set(stackName, (names.get(stackName) ?? 0) + 1);
  // Two environments may have a stack of one name.
  const stacks = found.map((stack) => {
    return { ...stack, id: names.get(stack.stackName) === 1 ? stack.stackName : stack.constructPath };
  });
  return withNestedStacks(stacks, (stack, resource) => {
    const asset = stagedTemplate(stack, resource);
    if (asset === undefined) return undefined;
    const templateFile = inside(root, stack.directory, asset);
    return { ...reading.template(templateFile), templateFile };
  });
}
