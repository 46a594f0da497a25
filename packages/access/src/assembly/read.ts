import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { AccessError } from '../errors.ts';
import type { Assembly } from '../model.ts';
import { readCloudAssembly } from './input/cloud-assembly.ts';
import { readControlPolicies } from './input/control-policies.ts';
import { stacksOfTemplates, type TemplateSource, templateAt, templatesIn } from './input/plain-templates.ts';
import { modelOf } from './model-of.ts';

/** What to read beside the app. */
export interface ReadOptions {
  /**
   * Files with service and resource control policies, which no template holds; relative to the working directory. A file
   * is a policy document, or a list of documents with their levels: see the README of this package. Default: none, and
   * no policy of an organization limits anything.
   */
  readonly controlPolicies?: readonly string[];
}

/**
 * Reads a cloud assembly that `cdk synth` wrote, with every stack, stage and nested stack in the folder; or a
 * CloudFormation template in JSON or YAML; or a folder of such templates, without its subfolders.
 *
 * Nothing outside the folder is read, and nothing is asked of AWS. Strings that only deployment knows stay symbolic.
 *
 * @param path - a folder, usually `cdk.out`, or a template file; relative to the working directory
 * @throws {AccessError} `NOT_AN_ASSEMBLY`, `MALFORMED_MANIFEST`, `MALFORMED_TEMPLATE`, `FILE_TOO_LARGE`,
 * `LIMIT_EXCEEDED` (see {@link LIMITS}) or `PATH_OUTSIDE_ASSEMBLY`; `MALFORMED_POLICY` for a file of control policies
 * @see https://docs.aws.amazon.com/cdk/v2/guide/deploy-troubleshoot.html
 */
export function readAssembly(path: string, { controlPolicies = [] }: ReadOptions = {}): Assembly {
  return { ...read(resolve(path)), ...readControlPolicies(controlPolicies) };
}

function read(root: string): Assembly {
  const stats = statSync(root, { throwIfNoEntry: false });
  if (stats?.isFile()) return modelOf(stacksOfTemplates([templateAt(root)], dirname(root)), dirname(root));
  if (!stats?.isDirectory()) {
    throw new AccessError(
      'NOT_AN_ASSEMBLY',
      `${root} is no folder and no file: run "npx cdk synth" first, and name the folder that it writes (cdk.out), or ` +
        'name a template',
    );
  }
  const isAssembly = statSync(join(root, 'manifest.json'), { throwIfNoEntry: false })?.isFile();
  return modelOf(isAssembly ? readCloudAssembly(root) : stacksOfTemplates(templatesIn(root), root), root);
}

/**
 * Reads templates that are given as text, of an earlier revision say. A nested stack is read where its `TemplateURL` is
 * a path that leads to the name of another one.
 *
 * @throws {AccessError} `MALFORMED_TEMPLATE`, `FILE_TOO_LARGE`, `LIMIT_EXCEEDED` or `MALFORMED_POLICY`
 */
export function readTemplates(
  templates: readonly TemplateSource[],
  { controlPolicies = [] }: ReadOptions = {},
): Assembly {
  return { ...modelOf(stacksOfTemplates(templates), undefined), ...readControlPolicies(controlPolicies) };
}
