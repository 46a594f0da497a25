import { readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, posix, relative, sep } from 'node:path';
import { AccessError } from '../../errors.ts';
import { LIMITS, within } from '../../limits.ts';
import { isObject } from '../../parsing/findings.ts';
import { isInside, membersOf, readText } from './files.ts';
import type { Template } from './json-text.ts';
import { isNestedStack, locationOf, withNestedStacks } from './nested.ts';
import type { Stack } from './stack.ts';
import { parseTemplate } from './template.ts';

/** A template that is given as text: of an earlier revision, say. */
export interface TemplateSource {
  /** Its file name, with `/` between folders: it names the stack, and nested stacks are found by it. */
  readonly name: string;
  /** JSON or YAML. */
  readonly text: string;
}

/** File names of templates, as people and tools write them. */
const TEMPLATE_NAME = /\.(template(\.json|\.ya?ml)?|json|ya?ml)$/i;

/** What makes a file a template that CloudFormation would take. */
const TEMPLATE_MEMBERS = /(^|["'\s{])(Resources|AWSTemplateFormatVersion)["']?\s*:/;

/** The templates of a folder, without its subfolders; other files are left alone. */
export function templatesIn(directory: string): readonly TemplateSource[] {
  const names = readdirSync(directory).filter((name) => TEMPLATE_NAME.test(name) && isFile(join(directory, name)));
  const sources = names.sort().map((name) => ({ name, text: readSource(join(directory, name)) }));
  const templates = sources.filter(({ name, text }) => {
    return TEMPLATE_MEMBERS.test(text) && isObject(parseTemplate(text, join(directory, name)).json['Resources']);
  });
  if (templates.length > 0) return templates;
  throw new AccessError(
    'NOT_AN_ASSEMBLY',
    `${directory} is no cloud assembly and holds no template: it has no manifest.json and no .json, .yaml, .yml or ` +
      '.template file with Resources; run "npx cdk synth" first, and name the folder that it writes (cdk.out)',
  );
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** A template file, with those beside and below it that its nested stacks name. */
export function templateAt(file: string): TemplateSource {
  return { name: basename(file), text: readSource(file) };
}

function readSource(file: string): string {
  return readText(file, 'NOT_AN_ASSEMBLY', LIMITS.jsonBytes);
}

/** @param directory - the folder that the names start from; undefined: nothing is read but what is given */
export function stacksOfTemplates(sources: readonly TemplateSource[], directory?: string): readonly Stack[] {
  within(LIMITS.templates, sources.length, directory ?? 'the templates');
  const shown = (name: string) => (directory === undefined ? name : join(directory, name));
  const templates = new Map(sources.map(({ name, text }) => [name, withResources(text, shown(name))]));
  const find = (name: string): Template | undefined => {
    const known = templates.get(name);
    if (known !== undefined || directory === undefined || name.startsWith('../')) return known;
    const found = readIfThere(directory, name);
    if (found !== undefined) templates.set(name, found);
    return found;
  };
  const ids = idsOf([...templates.keys()]);
  const nested = new Set([...templates].flatMap(([name, template]) => nestedIn(name, template)));
  const tops = [...templates].map(([name, { json: template, positions }]): Stack => {
    const id = ids.get(name) ?? name;
    return {
      id,
      stackName: undefined,
      constructPath: id,
      account: undefined,
      region: undefined,
      executionRoleArn: undefined,
      template,
      templateFile: shown(name),
      positions,
      directory: dirname(shown(name)),
      metadata: new Map(),
      acknowledgements: [],
      assets: new Map(),
    };
  });
  const nameOf = new Map([...templates.keys()].map((name) => [shown(name), name]));
  // Two templates that nest each other would leave none.
  const own = tops.filter(({ templateFile }) => !nested.has(nameOf.get(templateFile) ?? ''));
  return withNestedStacks(own.length > 0 ? own : tops, (stack, resource) => {
    const location = locationOf(resource);
    const from = directory === undefined ? stack.templateFile : relative(directory, stack.templateFile);
    const name = typeof location === 'string' ? beside(from.split(sep).join('/'), location) : undefined;
    const found = name === undefined ? undefined : find(name);
    return found === undefined || name === undefined ? undefined : { ...found, templateFile: shown(name) };
  });
}

/** What is named as a template must be one: a file of another kind has no keys either, but means nothing by it. */
function withResources(text: string, name: string): Template {
  const template = parseTemplate(text, name);
  if (isObject(template.json['Resources'])) return template;
  throw new AccessError('MALFORMED_TEMPLATE', `${name} has no Resources, which every CloudFormation template has`);
}

/** Names of the templates that a template nests by their paths, as `aws cloudformation package` takes them. */
function nestedIn(name: string, { json }: Template): readonly string[] {
  return membersOf(json['Resources']).flatMap(([, resource]) => {
    const location = isNestedStack(resource) ? locationOf(resource) : undefined;
    const found = typeof location === 'string' ? beside(name, location) : undefined;
    return found === undefined ? [] : [found];
  });
}

/** The name that a path leads to, seen from a template; undefined: it is an address elsewhere. */
function beside(name: string, location: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(location) || location.startsWith('/')) return undefined;
  return posix.normalize(posix.join(posix.dirname(name), location));
}

function readIfThere(directory: string, name: string): Template | undefined {
  const file = join(directory, name);
  // A link may lead out of the folder.
  if (!isFile(file) || !isInside(realpathSync(directory), realpathSync(file))) return undefined;
  return parseTemplate(readSource(file), file);
}

/** `orders.template.json` is stack `orders`; where two names would be one, folders and endings stay. */
function idsOf(names: readonly string[]): ReadonlyMap<string, string> {
  const short = (name: string) => posix.basename(name).replace(TEMPLATE_NAME, '');
  const count = new Map<string, number>();
  for (const name of names) count.set(short(name), (count.get(short(name)) ?? 0) + 1);
  return new Map(names.map((name) => [name, count.get(short(name)) === 1 ? short(name) : name]));
}
