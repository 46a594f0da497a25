import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, sep } from 'node:path';
import { CliError } from './errors.ts';

/** What of a revision was written to a folder of its own. */
export interface CheckedOut {
  /** The file or folder that was asked for. */
  readonly path: string;
  readonly remove: () => void;
}

/** Templates have a megabyte; assemblies with all their metadata some dozens. */
const MAX_BYTES = 256 * 1024 * 1024;
const MAX_FILES = 10_000;
const TIMEOUT_MS = 60_000;

/** What says something about access; code that is staged for functions does not. */
const TOLD = /\.(json|ya?ml|template)$/i;
const STAGED_CODE = /(^|\/)asset\.[^/]+\//;

/** `main:cdk.out`, as git writes a path of a revision; undefined: it is none. */
export function revisionIn(text: string): { readonly revision: string; readonly path: string } | undefined {
  const [, revision, path] = /^([^:]+):(.+)$/s.exec(text) ?? [];
  return revision === undefined || path === undefined ? undefined : { revision, path };
}

/**
 * Writes a committed template, or a committed folder of them, to a temporary folder. Nothing is checked out in the
 * repository of the working directory, no shell is started, and nothing is fetched.
 *
 * @throws {CliError} `REVISION` where git does not know the revision or path, or they hold more than any real app
 * @see https://git-scm.com/docs/gitrevisions
 */
export function checkOut({ revision, path }: { readonly revision: string; readonly path: string }): CheckedOut {
  const shown = `${revision}:${path}`;
  const object = git(['rev-parse', '--verify', '--quiet', '--end-of-options', shown], shown).toString().trim();
  const folder = mkdtempSync(join(tmpdir(), 'keysmith-revision-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const name = basename(path.replace(/\/+$/, '')) || 'app';
    const root = join(folder, name === '.' || name === '..' ? 'app' : name);
    const type = git(['cat-file', '-t', object], shown).toString().trim();
    const files = type === 'tree' ? filesIn(object, shown) : [{ object, name: '' }];
    if (files.length > MAX_FILES) throw tooMuch(shown, `more than ${MAX_FILES} files`);
    if (type === 'tree') mkdirSync(root);
    for (const [index, content] of contents(files, shown).entries()) write(root, files[index]?.name ?? '', content);
    return { path: root, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

interface Entry {
  readonly object: string;
  /** Relative to the tree; empty for a file that was asked for itself. */
  readonly name: string;
}

/** Files only: a symbolic link or a repository inside may lead anywhere. */
function filesIn(tree: string, shown: string): readonly Entry[] {
  const listing = git(['ls-tree', '-r', '-z', '--full-tree', tree], shown).toString();
  return listing.split('\0').flatMap((line): readonly Entry[] => {
    const [, mode = '', object = '', name = ''] = /^(\d+) blob ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
    const isFile = mode.startsWith('100');
    return isFile && TOLD.test(name) && !STAGED_CODE.test(name) ? [{ object, name }] : [];
  });
}

/** Asks for all objects at once: `<object> blob <size>`, a line break, the bytes, a line break; in the order asked for. */
function contents(files: readonly Entry[], shown: string): readonly Buffer[] {
  if (files.length === 0) return [];
  const answer = git(['cat-file', '--batch'], shown, files.map(({ object }) => `${object}\n`).join(''));
  let at = 0;
  return files.map(() => {
    const end = answer.indexOf('\n', at);
    const [, size] = /^[0-9a-f]+ blob (\d+)$/.exec(answer.toString('utf8', at, Math.max(at, end))) ?? [];
    if (end < 0 || size === undefined || end + 1 + Number(size) >= answer.length) {
      throw new CliError('REVISION', `git could not read all of ${shown}: check the repository with "git fsck"`);
    }
    at = end + 1 + Number(size) + 1;
    return answer.subarray(end + 1, at - 1);
  });
}

function write(root: string, name: string, content: Buffer): void {
  const file = join(root, name);
  const inside = relative(root, file);
  // Git refuses such names, but a repository need not have been made by git.
  if (inside.split(sep)[0] === '..') return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

function git(args: readonly string[], shown: string, input = ''): Buffer {
  try {
    return execFileSync('git', args, {
      input,
      maxBuffer: MAX_BYTES,
      timeout: TIMEOUT_MS,
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
      env: { ...process.env, GIT_NO_LAZY_FETCH: '1', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' },
    });
  } catch (error) {
    throw failure(error, shown);
  }
}

function failure(error: unknown, shown: string): CliError {
  const { code, stderr } = error as { readonly code?: string; readonly stderr?: Buffer };
  if (code === 'ENOENT') {
    return new CliError('REVISION', `${shown} is no file or folder, and there is no git to ask for it`, {
      cause: error,
    });
  }
  if (code === 'ENOBUFS') return tooMuch(shown, `more than ${MAX_BYTES / 1024 / 1024} MiB`);
  const [said = ''] = (stderr?.toString() ?? '').split('\n');
  const why = said === '' ? '' : ` (${said})`;
  return new CliError(
    'REVISION',
    `${shown} is no file or folder, and git knows no such revision and path${why}: give a folder, a template, or a ` +
      'revision and a path from the top of the repository, such as main:cdk.out (main:./cdk.out from here)',
    { cause: error },
  );
}

function tooMuch(shown: string, what: string): CliError {
  return new CliError('REVISION', `${shown} holds ${what}: name the folder of the app, or a template`);
}
