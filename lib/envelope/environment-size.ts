import { Tokenization } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { problems } from '../private/rules';
import { variablesOf } from './variables';

/**
 * Bytes of all environment variables of a function together, names and values.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MAX_BYTES = 4096;

/** No key ARN is shorter: `arn:aws:kms:`, a Region, an account id, `:key/` and a key id. */
const SHORTEST_KEY_ARN = 'arn:aws:kms:sa-east-1:111122223333:key/'.length + 36;

/** Whether a function has more in its environment than Lambda takes, counted as little as it can be. */
export function environmentProblems(handler: IConstruct, prefix: string): string[] {
  const variables = variablesOf(handler);
  const sizes = Object.entries(variables).map(([name, value]) => {
    // In the value of an envelope what is not known before deployment are key ARNs; elsewhere it counts as nothing.
    return [name, bytes(name) + leastBytes(value, name.startsWith(prefix) ? SHORTEST_KEY_ARN : 0)] as const;
  });
  const all = sizes.reduce((sum, [, size]) => sum + size, 0);
  const largest = [...sizes].sort(([, a], [, b]) => b - a).slice(0, 3);
  return problems([
    {
      when: all > MAX_BYTES,
      message: `the environment of ${handler.node.path} has at least ${all} bytes and Lambda takes ${MAX_BYTES}; the largest are ${largest.map(([name, size]) => `${name} (${size})`).join(', ')}; split the function, name fewer replica Regions, retire older generations, or shorten the constant context`,
    },
  ]);
}

function leastBytes(value: unknown, unknown: number): number {
  if (typeof value === 'string') {
    return Tokenization.reverseString(value).tokens.length > 0 ? unknown : bytes(value);
  }
  const [delimiter, parts] = joined(value) ?? [];
  if (parts === undefined) {
    return unknown;
  }
  const own = parts.reduce<number>((sum, part) => sum + leastBytes(part, unknown), 0);
  return own + bytes(delimiter ?? '') * Math.max(0, parts.length - 1);
}

function joined(value: unknown): readonly [string, readonly unknown[]] | undefined {
  const join = (value as { 'Fn::Join'?: [string, unknown[]] } | null)?.['Fn::Join'];
  return Array.isArray(join) && Array.isArray(join[1]) ? join : undefined;
}

function bytes(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}
