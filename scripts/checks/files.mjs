// What no file of the repository may hold. A rule is a row; an exception names its file and says why.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from '../lib/work.mjs';

const MAX_LINES = 400;
const ACCOUNTS = new Set(['111122223333', '444455556666', '123456789012']);
const LOCK = 'package-lock.json';

const TYPESCRIPT = /\.[mc]?ts$/;
const TEXT =
  /(\.([mc]?[jt]s|json|md|ya?ml|txt|html|cfg|py|java|go|xml)|(^|\/)(run|LICENSE|NOTICE|\.gitignore|\.npmrc))$/;

/** Longer than MAX_LINES for a reason: `'path': 'why'`. Tables that would only be harder to read in pieces. */
const LONG = {};

/** Files that a rule does not apply to, by the rule's name: `'path': 'why'`. */
const EXCEPT = {
  'long file': LONG,
};

/** Each rule yields `[line, what is wrong]`, or nothing. */
const RULES = [
  {
    name: 'long file',
    files: TYPESCRIPT,
    *find(text) {
      const lines = text.split('\n').length - 1;
      if (lines > MAX_LINES) {
        yield [1, `${lines} lines; ${MAX_LINES} is the limit for what is not a table`];
      }
    },
  },
  {
    name: 'unfinished',
    files: TEXT,
    find: each(/\b(?:TO[D]O|FIX[M]E|X[X]X)\b/g, ([word]) => `${word}: finish it or say what is left out in the docs`),
  },
  {
    name: 'any',
    files: TYPESCRIPT,
    *find(text, file) {
      const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, false);
      const stack = [source];
      for (let node = stack.pop(); node; node = stack.pop()) {
        if (node.kind === ts.SyntaxKind.AnyKeyword) {
          yield [source.getLineAndCharacterOfPosition(node.end).line + 1, 'the type any; say unknown, or what it is'];
        }
        ts.forEachChild(node, (child) => {
          stack.push(child);
        });
      }
    },
  },
  {
    name: 'left-out tests',
    files: /\.test\.ts$/,
    find: each(
      /\.(?:only|skip|todo)\(|\b(?:xit|xtest|xdescribe|fit|fdescribe)\(/g,
      ([call]) => `${call}…) hides tests`,
    ),
  },
  {
    name: 'machine path',
    files: TEXT,
    // Not inside of an address or of a longer path.
    find: each(
      /(?<![\w.:/~$}>*-])\/(?:work|root|home|Users)\/[\w.-]+/g,
      ([path]) => `${path} exists on one machine only`,
    ),
  },
  {
    name: 'registry',
    files: TEXT,
    find: each(/\bregistry\.[a-z][\w-]*\.[a-z]{2,}|\b(?:verdacc[i]o|artifact[o]ry|codeartif[a]ct)\b/gi, ([host]) => {
      return `${host}: which registry serves a package is the user's own setting`;
    }),
  },
  {
    name: 'account number',
    files: TEXT,
    // Twelve digits are an account where an ARN has one, or where they are a whole string.
    find: each(/\barn:[\w*${}-]*:[\w*-]*:[\w*${}-]*:(\d{12})(?!\d)|(['"`])(\d{12})\2/g, ([, arn, , string]) => {
      const account = arn ?? string;
      return ACCOUNTS.has(account)
        ? undefined
        : `account ${account} may be somebody's; use ${[...ACCOUNTS].join(', ')}`;
    }),
  },
];

/** Every rule over every file. `read(file)` gives the text. */
export function problemsIn(files, read) {
  const problems = [];
  for (const file of files) {
    const rules = RULES.filter((rule) => rule.files.test(file) && !Object.hasOwn(EXCEPT[rule.name] ?? {}, file));
    const text = rules.length > 0 && file !== LOCK ? read(file) : '';
    for (const rule of rules) {
      for (const [line, message] of rule.find(text, file)) {
        problems.push(`${file}:${line} ${rule.name}: ${message}`);
      }
    }
    if (file === LOCK) {
      problems.push(...lockProblems(read(file)));
    }
  }
  return problems;
}

/** Where packages come from is left open: `integrity` pins what they are. Links to workspaces have a path there. */
function lockProblems(text) {
  return Object.entries(JSON.parse(text).packages)
    .filter(([, { resolved, link }]) => resolved && !link)
    .map(([path]) => `${LOCK} registry: "resolved" of ${path}; leave it out (omit-lockfile-registry-resolved)`);
}

export async function check() {
  // What is tracked or would be, without what was deleted but not yet committed.
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: ROOT });
  const files = list
    .toString()
    .split('\0')
    .filter((file) => file && existsSync(join(ROOT, file)));
  return problemsIn(files, (file) => readFileSync(join(ROOT, file), 'utf8'));
}

/** A rule's `find` from a pattern: one problem for each match, unless `say` has nothing to say about it. */
function each(pattern, say) {
  return function* (text) {
    for (const match of text.matchAll(pattern)) {
      const message = say(match);
      if (message) {
        yield [text.slice(0, match.index).split('\n').length, message];
      }
    }
  };
}
