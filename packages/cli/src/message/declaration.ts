// Declarations of envelopes in the environment, or in a file with one.

import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { CliError } from '../errors.ts';
import { fileError } from './failure.ts';

/** Variables and their values. */
export type Environment = Readonly<Record<string, string | undefined>>;

const PREFIX = 'KEYSMITH_ENVELOPE_';

/** Names of the envelopes that are declared. */
export function declaredIn(env: Environment): readonly string[] {
  const variables = Object.keys(env).filter((variable) => variable.startsWith(PREFIX) && env[variable] !== undefined);
  return variables.map((variable) => variable.slice(PREFIX.length)).sort();
}

/** What a declaration says, when it is JSON. Whether it is sound is for the envelope package to say. */
export function declarationIn(env: Environment, name: string | undefined): Readonly<Record<string, unknown>> {
  const text = env[PREFIX + (name ?? declaredIn(env)[0])] ?? '{}';
  return Object(objectIn(text) ?? {});
}

/**
 * The variables of a file: lines as in `.env`, or the JSON object of a function's configuration, with or without the
 * `Variables` around it.
 * @throws {@link CliError} `FILE`
 */
export function readEnvironment(path: string): Environment {
  const text = textOf(path).trim();
  if (!text.startsWith('{')) {
    return parseEnv(text) as Environment;
  }
  const { Variables, ...rest } = Object(objectIn(text) ?? { none: 0 });
  const variables: Readonly<Record<string, unknown>> = Object(Variables ?? rest);
  if (Object.values(variables).every((value) => typeof value === 'string')) {
    return variables as Environment;
  }
  throw new CliError('FILE', `${path} is neither lines of NAME=value nor a JSON object of texts`);
}

/** Without the error, which quotes what it read. */
function objectIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw fileError('read', path, cause);
  }
}
