// What is installed is under licences that permit everything, and what users install with us is named in NOTICE.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import satisfies from 'spdx-satisfies';
import { MANIFESTS } from '../lib/steps.mjs';
import { ROOT } from '../lib/work.mjs';

const PERMISSIVE = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC-BY-3.0', // data: lists of licences
  'CC-BY-4.0', // data: which browser knows what
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Python-2.0',
  'Unlicense',
  'Zlib',
];

/** Packages whose licence cannot be read by a machine: `'name': ['licence', 'where it is stated']`. */
const STATED_ELSEWHERE = {};

const json = (path) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));

export async function check() {
  return [...lockProblems(json('package-lock.json').packages), ...noticeProblems()];
}

/** The packages of a lockfile that are not, or not provably, under a permissive licence. */
export function lockProblems(packages) {
  return Object.entries(packages).flatMap(([path, entry]) => {
    // The repository's own packages are those that are not below node_modules.
    if (!path.includes('node_modules/') || entry.link) {
      return [];
    }
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const licence = entry.license ?? STATED_ELSEWHERE[name]?.[0] ?? manifestLicence(path);
    if (typeof licence !== 'string') {
      return [`${path}: states no licence`];
    }
    return permitted(licence) ? [] : [`${path}: ${licence} is not on the list of permissive licences`];
  });
}

/** Platform packages of other systems are in the lockfile but not installed; they have no manifest to ask. */
function manifestLicence(path) {
  const manifest = join(path, 'package.json');
  return existsSync(join(ROOT, manifest)) ? json(manifest).license : undefined;
}

function permitted(licence) {
  try {
    return satisfies(licence, PERMISSIVE);
  } catch {
    // Not an SPDX expression.
    return false;
  }
}

function noticeProblems() {
  const notice = readFileSync(join(ROOT, 'NOTICE'), 'utf8');
  const manifests = MANIFESTS.map(json);
  const own = new Set(manifests.map(({ name }) => name));
  return manifests.flatMap(({ name, dependencies, peerDependencies }) =>
    Object.keys({ ...dependencies, ...peerDependencies })
      .filter((dependency) => !own.has(dependency))
      .filter(
        (dependency) => !notice.split('\n').some((line) => line.includes(` ${dependency} `) && line.includes(name)),
      )
      .map((dependency) => `NOTICE: does not name ${dependency}, on which ${name} depends at run time`),
  );
}
