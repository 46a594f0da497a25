// What a language needs on this machine, and what becomes of it where that is missing.

import { join } from 'node:path';
import { CommandFailed, ROOT, run } from '../../lib/work.mjs';

export const PROGRAMS = join(ROOT, 'packages', 'envelope', 'interop');

/** A language that cannot be tried here; the message says why. */
export class Unavailable extends Error {}

/** How the package managers say that nobody answered, as opposed to: there is no such package. */
const UNREACHABLE = [
  /from versions: none\)/,
  /(?:could not|failure to) transfer/i,
  /\b(?:offline mode|GOPROXY=off)\b/,
  /npm error code (?:E(?:NOTFOUND|AI_AGAIN|CONNREFUSED|CONNRESET|TIMEDOUT)|ENOTCACHED)\b/,
  /\b(?:dial tcp|proxyconnect|no such host|unknown host|connection (?:refused|reset|timed out)|i\/o timeout)\b/i,
];

/**
 * What a tool says about itself, matched by `pattern`, whose first group is the version.
 * @throws Unavailable when the tool is not there, or older than `least`
 */
export async function told(command, args, pattern, least) {
  const wanted = `${command} ${least} or newer`;
  let output;
  try {
    output = await run(command, args, { quiet: true });
  } catch (error) {
    throw new Unavailable(`there is no ${wanted} (${error.code ?? error.message})`);
  }
  const match = pattern.exec(output);
  if (!match || !isAtLeast(match[1], least)) {
    throw new Unavailable(`${wanted} is needed; there is ${match?.[1] ?? 'an unknown version'}`);
  }
  return match;
}

function isAtLeast(version, least) {
  const [have, need] = [version, least].map((text) => text.split('.').map((part) => Number.parseInt(part, 10)));
  const at = need.findIndex((part, index) => (have[index] ?? 0) !== part);
  return at < 0 || (have[at] ?? 0) > need[at];
}

/** Runs a package manager quietly. @throws Unavailable when its registry does not answer */
export const fetching = (command, args, options) => reaching(() => run(command, args, { quiet: true, ...options }));

/** Does what asks a registry. @throws Unavailable when that does not answer */
export async function reaching(work) {
  try {
    return await work();
  } catch (error) {
    const line = error instanceof CommandFailed && unreachable(error.output);
    throw line ? new Unavailable(`its packages cannot be fetched: ${line}`) : error;
  }
}

/** The line in which a package manager says that its registry did not answer. */
export function unreachable(output) {
  const lines = (output ?? '').split('\n');
  const line = lines.find((one) => UNREACHABLE.some((pattern) => pattern.test(one)));
  return line?.trim().slice(0, 200);
}
