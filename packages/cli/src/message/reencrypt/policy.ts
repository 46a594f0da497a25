import type { StalePolicy } from '@cdk-keysmith/envelope';
import { declarationIn } from '../declaration.ts';
import type { Opening } from '../keys.ts';

/** What a user says about which messages are re-encrypted. */
export interface PolicyOptions {
  readonly onlyStale?: boolean;
  /** In seconds. */
  readonly maxAge?: number;
  readonly suite?: readonly number[];
  readonly sign?: boolean;
}

/** Keys that an envelope uses. */
export interface UsedKeys {
  readonly wrapKeys: readonly string[];
  readonly unwrapKeys: readonly string[];
}

/** The keys of an envelope that was opened with these options, and whose declaration was found to be sound by that. */
export function keysOf({ name, options }: Opening): UsedKeys {
  const declared: Partial<UsedKeys> = options.env === undefined ? options : declarationIn(options.env, name);
  const { wrapKeys = [], unwrapKeys = [] } = declared;
  return { wrapKeys, unwrapKeys };
}

/** Suites that messages are written in. */
const UNSIGNED = 0x0478;
const SIGNED = 0x0578;

/**
 * Which messages count as current. Without `--only-stale` none does, with one exception: where the old keys cannot open
 * what the new ones write, a message of the new keys was re-encrypted before, by a run that could not note it any more.
 */
export function policyOf(options: PolicyOptions, from: UsedKeys, to: UsedKeys): StalePolicy | undefined {
  if (options.onlyStale === true) {
    return {
      keys: to.wrapKeys,
      suites: options.suite ?? [options.sign === true ? SIGNED : UNSIGNED],
      ...(options.maxAge === undefined ? {} : { maxAge: options.maxAge }),
    };
  }
  return from.unwrapKeys.some((key) => to.wrapKeys.includes(key)) ? undefined : { keys: to.wrapKeys };
}
