import type { EncryptionContext } from './context.ts';
import { type CacheLimits, checkContract, type EnvelopeContract, parseContract } from './contract.ts';
import { EnvelopeError } from './errors.ts';
import type { KmsClient } from './kms/client.ts';
import { kmsWrapping } from './kms/wrapping.ts';
import type { DataKeyWrapping } from './wrapping.ts';

/** Options that have nothing to do with where the declaration comes from. */
export interface RuntimeOptions {
  /**
   * Client for KMS calls to all keys, for example a `KMSClient` with time limits of its own.
   * Default: on the first call, a `KMSClient` with the SDK's defaults for the Region of each key.
   */
  readonly kms?: KmsClient;
  /**
   * Plaintext bytes of one frame in messages that are written, 1 to 4,294,967,295. Default: 65,536, which encrypts
   * large messages more than twice as fast as the format's own default of 4,096.
   */
  readonly frameLength?: number;
  /**
   * Most wrapped data keys that a message to be decrypted may list, 1 to 65,535: the most KMS calls that one message
   * can cause. Default: 10.
   */
  readonly maxEncryptedDataKeys?: number;
  /**
   * Most data keys kept at once, 1 to 1,000,000, counted apart for encryption and decryption. Default: 1,000.
   */
  readonly maxCacheEntries?: number;
}

/** Options with which the declaration is read from the environment. */
export interface EnvironmentOptions extends RuntimeOptions {
  /** Where the variable `KEYSMITH_ENVELOPE_<name>` is looked up. Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly direction?: never;
  readonly wrapKeys?: never;
  readonly unwrapKeys?: never;
  readonly context?: never;
  readonly requiredContext?: never;
  readonly cache?: never;
}

interface ExplicitBase extends RuntimeOptions {
  readonly env?: never;
  /** Constant encryption context, added to every message and checked in every message; `{}` for none. */
  readonly context: EncryptionContext;
  /** Names that every call gives a non-empty value for; `[]` for none. */
  readonly requiredContext: readonly string[];
  /** Limits of a cached data key. Default of each: 300 seconds, 10,000 messages, 1,073,741,824 bytes. */
  readonly cache?: Partial<CacheLimits>;
}

/** A complete declaration in code, with which the environment is not read. */
export type ExplicitOptions = ExplicitBase &
  (
    | {
        readonly direction: 'both';
        /** Key ARNs; the first one generates data keys, the others wrap them too. */
        readonly wrapKeys: readonly string[];
        /** Key ARNs that may unwrap. */
        readonly unwrapKeys: readonly string[];
      }
    | { readonly direction: 'encrypt'; readonly wrapKeys: readonly string[]; readonly unwrapKeys?: readonly [] }
    | { readonly direction: 'decrypt'; readonly unwrapKeys: readonly string[]; readonly wrapKeys?: readonly [] }
  );

/** Where an envelope's declaration comes from: its environment variable, or these options alone. */
export type EnvelopeOptions = EnvironmentOptions | ExplicitOptions;

/** Everything that an envelope works with, checked. */
export interface Settings {
  /** How errors call the envelope. */
  readonly label: string;
  readonly contract: EnvelopeContract;
  readonly wrapping: DataKeyWrapping;
  readonly frameLength: number;
  readonly maxEncryptedDataKeys: number;
  readonly maxCacheEntries: number;
}

const PREFIX = 'KEYSMITH_ENVELOPE_';
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

/** The numbers among the options: smallest, largest and default. */
const NUMBERS = {
  frameLength: [1, 4_294_967_295, 65_536],
  maxEncryptedDataKeys: [1, 65_535, 10],
  maxCacheEntries: [1, 1_000_000, 1_000],
} as const satisfies Partial<Record<keyof RuntimeOptions, readonly [number, number, number]>>;

const DEFAULT_CACHE: CacheLimits = { maxAgeSeconds: 300, maxMessages: 10_000, maxBytes: 1_073_741_824 };

/** The members of a declaration in code; one of them is enough for the environment not to be read. */
const EXPLICIT_MEMBERS = ['direction', 'wrapKeys', 'unwrapKeys', 'context', 'requiredContext', 'cache'] as const;

/**
 * Reads the declaration and checks the options.
 * @throws EnvelopeError `CONFIG`
 */
export function settingsOf(name: string | undefined, options: EnvelopeOptions): Settings {
  const { label, contract } = declaration(name, options);
  const { wrapKeys, unwrapKeys } = contract;
  return {
    label,
    contract,
    wrapping: kmsWrapping({ wrapKeys, unwrapKeys, client: options.kms }),
    ...numbers(options, label),
  };
}

function declaration(
  name: string | undefined,
  options: EnvelopeOptions,
): { label: string; contract: EnvelopeContract } {
  if (name !== undefined && !NAME.test(name)) {
    throw new EnvelopeError('CONFIG', 'the envelope name is a letter and up to 63 letters, digits or _');
  }
  if (EXPLICIT_MEMBERS.some((member) => options[member] !== undefined)) {
    const label = name === undefined ? 'envelope options' : `options of envelope ${name}`;
    return { label, contract: explicitContract(options, label) };
  }
  const env = options.env ?? process.env;
  const variable = name === undefined ? onlyVariable(env) : PREFIX + name;
  const value = env[variable];
  if (value === undefined) throw new EnvelopeError('CONFIG', `${variable} is not set; ${thereIs(env)}`);
  return { label: variable, contract: parseContract(value, variable) };
}

function explicitContract(options: EnvelopeOptions, label: string): EnvelopeContract {
  const { direction, wrapKeys, unwrapKeys, context, requiredContext, cache } = options;
  const value = {
    version: 1,
    direction,
    wrapKeys: wrapKeys ?? (direction === 'decrypt' ? [] : undefined),
    unwrapKeys: unwrapKeys ?? (direction === 'encrypt' ? [] : undefined),
    context,
    requiredContext,
    cache: { ...DEFAULT_CACHE, ...cache },
  };
  return checkContract(value, label);
}

function variables(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.keys(env).filter((variable) => variable.startsWith(PREFIX) && env[variable] !== undefined);
}

function thereIs(env: Readonly<Record<string, string | undefined>>): string {
  const found = variables(env).sort();
  return found.length === 0 ? `there is no variable ${PREFIX}<name> at all` : `there is: ${found.join(', ')}`;
}

function onlyVariable(env: Readonly<Record<string, string | undefined>>): string {
  const [first, ...more] = variables(env);
  if (first !== undefined && more.length === 0) return first;
  throw new EnvelopeError(
    'CONFIG',
    `no envelope name is given, which needs exactly one variable ${PREFIX}<name>; ${thereIs(env)}`,
  );
}

function numbers(options: RuntimeOptions, label: string): Record<keyof typeof NUMBERS, number> {
  const problems: string[] = [];
  const read = (option: keyof typeof NUMBERS): number => {
    const [min, max, byDefault] = NUMBERS[option];
    const value = options[option] ?? byDefault;
    if (!Number.isSafeInteger(value) || value < min || value > max) {
      problems.push(`${option} is ${String(value)}; allowed: a whole number from ${min} to ${max}`);
    }
    return value;
  };
  const result = {
    frameLength: read('frameLength'),
    maxEncryptedDataKeys: read('maxEncryptedDataKeys'),
    maxCacheEntries: read('maxCacheEntries'),
  };
  if (problems.length > 0) throw new EnvelopeError('CONFIG', `${label}: ${problems.join('; ')}`);
  return result;
}
