import { LIMITS, within } from '../../limits.ts';
import { isObject, type Json } from '../../parsing/findings.ts';
import { membersOf, objectAt, stringAt } from './files.ts';
import type { Template } from './json-text.ts';
import { constructPathOf } from './paths.ts';
import type { Stack } from './stack.ts';

/** Finds the template of a nested stack; undefined: it is not among what is read, which `unmodelled` says. */
export type FindNested = (stack: Stack, resource: Json) => (Template & { readonly templateFile: string }) | undefined;

/** Each stack, followed by those that are nested in it. */
export function withNestedStacks(stacks: readonly Stack[], find: FindNested): readonly Stack[] {
  let [count, resources] = [0, 0];
  const nest = (stack: Stack, depth: number): readonly Stack[] => {
    within(LIMITS.nesting, depth, stack.templateFile);
    within(LIMITS.templates, ++count, stack.templateFile);
    const own = membersOf(stack.template['Resources']);
    resources += own.length;
    within(LIMITS.allResources, resources, stack.templateFile);
    const nested = own.flatMap(([logicalId, resource]) => {
      const found = isNestedStack(resource) ? find(stack, resource) : undefined;
      if (found === undefined) return [];
      const { json: template, positions, templateFile } = found;
      const id = `${stack.id}/${logicalId}`;
      const constructPath = nestedPath(constructPathOf(stack, logicalId, resource));
      const parent = { stack, logicalId };
      const child = { ...stack, id, stackName: undefined, constructPath, template, templateFile, positions, parent };
      return nest(child, depth + 1);
    });
    return [stack, ...nested];
  };
  return stacks.flatMap((stack) => nest(stack, 0));
}

/** What tells where the template of a nested stack is, by resource type. */
const LOCATIONS: Readonly<Record<string, string>> = {
  'AWS::CloudFormation::Stack': 'TemplateURL',
  'AWS::Serverless::Application': 'Location',
};

export function isNestedStack(resource: Json): boolean {
  return Object.hasOwn(LOCATIONS, String(resource['Type']));
}

/** What the resource says about its template: an address, a path, or an intrinsic function. */
export function locationOf(resource: Json): unknown {
  const property = LOCATIONS[String(resource['Type'])];
  return property === undefined ? undefined : objectAt(resource, 'Properties')[property];
}

/** The staged template of a nested stack of a cloud assembly. */
export function stagedTemplate(stack: Stack, resource: Json): string | undefined {
  const asset = stringAt(objectAt(resource, 'Metadata'), 'aws:asset:path');
  if (asset !== undefined) return asset;
  // Only the CDK CLI asks for asset metadata; without it the hash in the template's URL leads to the staged file.
  const hash = hashIn(locationOf(resource));
  return hash === undefined ? undefined : stack.assets.get(hash);
}

/** The last piece of the URL, which `Fn::Join` or `Fn::Sub` puts together. */
function hashIn(url: unknown): string | undefined {
  if (typeof url === 'string') return /[0-9a-f]{64}(?=\.json)/.exec(url)?.[0];
  const items = isObject(url) ? Object.values(url).flat(2) : [];
  for (const item of items) {
    const hash = typeof item === 'string' ? hashIn(item) : undefined;
    if (hash !== undefined) return hash;
  }
  return undefined;
}

/** CDK puts the resource of nested stack `X` at `X.NestedStack/X.NestedStackResource`. */
function nestedPath(path: string): string {
  const [, before, name, twice] = /^(.*?)([^/]+)\.NestedStack\/([^/]+)\.NestedStackResource$/.exec(path) ?? [];
  return name !== undefined && name === twice ? `${before}${name}` : path;
}
