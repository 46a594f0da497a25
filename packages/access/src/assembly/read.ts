import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { AccessError } from '../errors.ts';
import type { Assembly, StackModel } from '../model.ts';
import { attachmentsOf } from './attachments.ts';
import { functionsOf } from './functions.ts';
import { aliasesOf, keysOf } from './keys.ts';
import { principalsOf } from './principals.ts';
import { pseudoParameter } from './pseudo.ts';
import { scopesOf } from './resolver.ts';
import type { Scope } from './scope.ts';
import { readStacks } from './stacks.ts';
import { unmodelled } from './unmodelled.ts';

/**
 * Reads the cloud assembly that `cdk synth` wrote: every stack, stage and nested stack in the folder.
 *
 * Nothing outside the folder is read, and nothing is asked of AWS. Strings that only deployment knows stay symbolic.
 *
 * @param directory - the folder, usually `cdk.out`; relative to the working directory
 * @throws {AccessError} `NOT_AN_ASSEMBLY`, `MALFORMED_MANIFEST`, `MALFORMED_TEMPLATE`, `FILE_TOO_LARGE` (over 64 MiB) or
 * `PATH_OUTSIDE_ASSEMBLY`
 * @see https://docs.aws.amazon.com/cdk/v2/guide/deploy-troubleshoot.html
 */
export function readAssembly(directory: string): Assembly {
  const root = resolve(directory);
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) {
    throw new AccessError(
      'NOT_AN_ASSEMBLY',
      `${root} is no folder: run "npx cdk synth" first, and name the folder that it writes (cdk.out)`,
    );
  }
  const stacks = readStacks(root);
  const scopeOf = scopesOf(stacks);
  const scopes = stacks.map(scopeOf);
  // Policies attach to principals of other stacks too, and aliases name keys of other stacks.
  const attachments = scopes.flatMap(attachmentsOf);
  const keys = scopes.flatMap(keysOf);
  const principals = scopes.flatMap((scope) => principalsOf(scope, attachments));
  return {
    directory: root,
    stacks: scopes.map(stackOf),
    keys,
    aliases: scopes.flatMap((scope) => aliasesOf(scope, keys)),
    principals,
    functions: scopes.flatMap((scope) => functionsOf(root, scope, principals)),
  };
}

function stackOf(scope: Scope): StackModel {
  const { stack, environment } = scope;
  return {
    name: stack.id,
    constructPath: stack.constructPath,
    account: pseudoParameter('AWS::AccountId', stack, environment),
    region: pseudoParameter('AWS::Region', stack, environment),
    templateFile: stack.templateFile,
    problems: unmodelled(scope),
  };
}
