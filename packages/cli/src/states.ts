import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Assembly } from '@cdk-keysmith/access';
import { readApp } from './app.ts';
import { CliError } from './errors.ts';
import type { OrganizationFiles } from './organization.ts';
import { type CheckedOut, checkOut, revisionIn } from './revision.ts';

/** Two states of an app. */
export interface States {
  readonly before: Assembly;
  readonly after: Assembly;
}

/**
 * Reads two states of an app, each a folder, a template file, or a path of a git revision.
 *
 * @param organization - policies of the organization, the same for both
 * @throws {CliError} `REVISION`
 * @throws {AccessError} as `readAssembly` does
 */
export function readStates(old: string, now: string, organization: OrganizationFiles = {}): States {
  const opened: CheckedOut[] = [];
  const open = (one: CheckedOut): string => {
    opened.push(one);
    return one.path;
  };
  try {
    const [before, after] = [open(locate(old)), open(locate(now))];
    // A template is a stack by the name of its file, and two stacks have nothing in common.
    const isRenamed = isFile(before) && isFile(after) && basename(before) !== basename(after);
    const first = isRenamed ? open(copyOf(before, basename(after))) : before;
    return { before: read(first, old, organization), after: read(after, now, organization) };
  } finally {
    for (const { remove } of opened) remove();
  }
}

/** What there is on disk comes first, since a colon may be part of a name. */
function locate(text: string): CheckedOut {
  const isThere = statSync(text, { throwIfNoEntry: false }) !== undefined;
  const revision = isThere ? undefined : revisionIn(text);
  return revision === undefined ? { path: text, remove: () => undefined } : checkOut(revision);
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function copyOf(file: string, name: string): CheckedOut {
  const folder = mkdtempSync(join(tmpdir(), 'keysmith-template-'));
  copyFileSync(file, join(folder, name));
  return { path: join(folder, name), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Errors name what was typed, not the temporary folder that it was written to. */
function read(path: string, typed: string, organization: OrganizationFiles): Assembly {
  try {
    return readApp(path, organization);
  } catch (error) {
    if (!(error instanceof Error) || path === typed) throw error;
    const message = error.message.replaceAll(path, typed).replaceAll(dirname(path), dirname(typed));
    throw new CliError('REVISION', message, { cause: error });
  }
}
