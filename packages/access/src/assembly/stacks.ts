import { AccessError } from '../errors.ts';
import type { Json } from '../parsing/findings.ts';
import { inside, membersOf, objectAt, readJsonObject, stringAt } from './files.ts';
import { readManifest } from './manifest.ts';
import { constructPathOf } from './paths.ts';
import type { Stack } from './stack.ts';

/** CloudFormation itself has no limit; nobody nests stacks deeper. */
const MAX_NESTING = 16;

/** Every stack of the assembly with its nested stacks, each with a name of its own. */
export function readStacks(root: string): readonly Stack[] {
  const found = readManifest(root);
  const names = found.map(({ stackName }) => stackName);
  return found.flatMap((stack) => {
    // Two environments may have a stack of one name.
    const isOnly = names.indexOf(stack.stackName) === names.lastIndexOf(stack.stackName);
    return withNested(root, { ...stack, id: isOnly ? stack.stackName : stack.constructPath }, 0);
  });
}

function withNested(root: string, stack: Stack, depth: number): readonly Stack[] {
  if (depth > MAX_NESTING) {
    throw new AccessError(
      'MALFORMED_TEMPLATE',
      `${stack.templateFile}: stacks are nested more than ${MAX_NESTING} deep`,
    );
  }
  const nested = membersOf(stack.template['Resources']).flatMap(([logicalId, resource]) => {
    if (resource['Type'] !== 'AWS::CloudFormation::Stack') return [];
    const asset = stringAt(objectAt(resource, 'Metadata'), 'aws:asset:path') ?? uploadedTemplate(stack, resource);
    // A template that the app does not stage is elsewhere; `unmodelled` says so.
    if (asset === undefined) return [];
    const templateFile = inside(root, stack.directory, asset);
    const child: Stack = {
      ...stack,
      id: `${stack.id}/${logicalId}`,
      stackName: undefined,
      constructPath: nestedPath(constructPathOf(stack, logicalId, resource)),
      template: readJsonObject(templateFile, 'MALFORMED_TEMPLATE'),
      templateFile,
      parent: { stack, logicalId },
    };
    return withNested(root, child, depth + 1);
  });
  return [stack, ...nested];
}

/** CDK puts the resource of nested stack `X` at `X.NestedStack/X.NestedStackResource`. */
function nestedPath(path: string): string {
  return path.replace(/([^/]+)\.NestedStack\/\1\.NestedStackResource$/, '$1');
}

/** Only the CDK CLI asks for asset metadata; without it the hash in the template's URL leads to the staged file. */
function uploadedTemplate(stack: Stack, resource: Json): string | undefined {
  const url = JSON.stringify(objectAt(resource, 'Properties')['TemplateURL'] ?? '');
  const hash = /[0-9a-f]{64}(?=\.json)/.exec(url)?.[0];
  return hash === undefined ? undefined : stack.assets.get(hash);
}
