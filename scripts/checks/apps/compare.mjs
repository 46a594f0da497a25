// Two cloud assemblies: every template and every list of assets, by their contents.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

const COMPARED = /\.(?:template|assets)\.json$/;

/** The version of aws-cdk-lib that an assembly was made with. */
export function versionOf(out) {
  const { tree } = JSON.parse(readFileSync(join(out, 'tree.json'), 'utf8'));
  return tree.constructInfo.version;
}

/** Where the assembly `out` is another than `expected`: the first place of each file. */
export function differences(expected, out) {
  const files = [...new Set([expected, out].flatMap((folder) => readdirSync(folder)))].filter((file) =>
    COMPARED.test(file),
  );
  return files.sort().flatMap((file) => {
    const [wanted, found] = [expected, out].map((folder) => read(join(folder, file)));
    const place = firstDifference(wanted, found);
    return place === undefined ? [] : [`${file} differs from that of TypeScript at ${place}`];
  });
}

function read(path) {
  try {
    const contents = JSON.parse(readFileSync(path, 'utf8'));
    // The schema has a version, and so has what wrote it: that is the command's affair.
    return path.endsWith('.assets.json') ? { files: contents.files } : contents;
  } catch (error) {
    if (error.code !== 'ENOENT') {
      throw error;
    }
    return undefined;
  }
}

function firstDifference(wanted, found, path = '') {
  if (isDeepStrictEqual(wanted, found)) {
    return undefined;
  }
  const nested = [wanted, found].every((value) => typeof value === 'object' && value !== null);
  const name =
    nested &&
    [...new Set([...Object.keys(wanted), ...Object.keys(found)])].find(
      (key) => !isDeepStrictEqual(wanted[key], found[key]),
    );
  return nested && name !== undefined
    ? firstDifference(wanted[name], found[name], `${path}/${name}`)
    : `${path || '/'}: ${brief(wanted)} there, ${brief(found)} here`;
}

const brief = (value) => (JSON.stringify(value) ?? 'nothing').slice(0, 120);
