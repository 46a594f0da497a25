import { type EncryptionContext, nameProblem } from './context.ts';
import { type CacheLimits, checkContract, type Direction, type EnvelopeContract, parseContract } from './contract.ts';
import type { CallLimits } from './deadline.ts';
import { EnvelopeError } from './errors.ts';
import type { KmsAccess } from './kms/calls.ts';
import type { KmsClient, KmsClientForRegion } from './kms/client.ts';
import { kmsWrapping } from './kms/wrapping.ts';
import { createMonitor, type Monitor } from './stats.ts';
import { type NonCommitting, type Suite, WRITABLE_SUITES, type WritableSuite } from './suites.ts';
import type { DataKeyWrapping } from './wrapping.ts';

/** Options that have nothing to do with where the declaration comes from. */
export interface RuntimeOptions {
  /**
   * Client for KMS calls to all keys, for example a `KMSClient` with time limits of its own, or a function that makes
   * one for each Region. Default: on the first call, a `KMSClient` with the SDK's defaults for the Region of each key.
   */
  readonly kms?: KmsClient | KmsClientForRegion;
  /**
   * Grant tokens sent with every KMS call, at most 10: with them, a grant works before KMS knows it everywhere.
   * Default: none.
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/using-grant-token.html
   */
  readonly grantTokens?: readonly string[];
  /**
   * Most milliseconds that a call waits for its data key, 1 to 900,000, before it fails with `DEADLINE`. A single call
   * may be given less. Default: as long as the SDK tries.
   */
  readonly timeoutMillis?: number;
  /** Ends the waiting of every call with `ABORTED` when it is aborted. Default: none. */
  readonly signal?: AbortSignal;
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
  /**
   * Suite of messages that are written. `'0x0578'` signs them with a fresh ECDSA P-384 key for each data key, which
   * tells readers apart from writers when they have different rights; it takes 20 to 60 times as long for small
   * messages, and such messages cannot be read by range. Default: `'0x0478'`, unsigned. All committing suites are read.
   * @see https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/supported-algorithms.html
   */
  readonly suite?: WritableSuite;
  /**
   * `'read'`: also reads messages of the older suites that do not commit to one data key, as an AWS Encryption SDK
   * before 2.0 wrote them. Someone with two of the data keys can make such a message that opens to two different
   * plaintexts. Default: `'refuse'`.
   */
  readonly nonCommitting?: NonCommitting;
  /**
   * Names of the context that a message may be bound to without storing them, as the required encryption context CMM
   * of other AWS Encryption SDKs writes it. What the call gives for them is then proved by the header. Only for reading.
   * Default: none; a name that is asked for has to be in the message.
   */
  readonly unstoredContext?: readonly string[];
}

/** Options with which the declaration is read from the environment. */
export interface EnvironmentOptions extends RuntimeOptions {
  /** Where the variable `KEYSMITH_ENVELOPE_<name>` is looked up. Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly direction?: never;
  readonly wrapKeys?: never;
  readonly unwrapKeys?: never;
  readonly wrapping?: never;
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
        readonly wrapping?: never;
        /** Key ARNs; the first one generates data keys, the others wrap them too. */
        readonly wrapKeys: readonly string[];
        /** Key ARNs that may unwrap. */
        readonly unwrapKeys: readonly string[];
      }
    | {
        readonly direction: 'encrypt';
        readonly wrapping?: never;
        readonly wrapKeys: readonly string[];
        readonly unwrapKeys?: readonly [];
      }
    | {
        readonly direction: 'decrypt';
        readonly wrapping?: never;
        readonly unwrapKeys: readonly string[];
        readonly wrapKeys?: readonly [];
      }
    | {
        readonly direction: Direction;
        /**
         * What wraps data keys instead of KMS keys that are named here: `kmsWrapping` with aliases, replicas or
         * discovery, `rawAesWrapping`, `rawRsaWrapping`, several of them with `anyOf`, or one of your own.
         */
        readonly wrapping: DataKeyWrapping;
        readonly wrapKeys?: never;
        readonly unwrapKeys?: never;
      }
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
  /** What messages are written with. */
  readonly suite: Suite;
  readonly nonCommitting: NonCommitting;
  /** Names that messages may be bound to without storing them. */
  readonly unstoredContext: readonly string[];
  /** What limits the waiting of every call. */
  readonly limits: CallLimits;
  readonly monitor: Monitor;
  /** How KMS is asked; absent where something else wraps the data keys. */
  readonly kms?: KmsAccess;
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
const EXPLICIT_MEMBERS = [
  'direction',
  'wrapKeys',
  'unwrapKeys',
  'wrapping',
  'context',
  'requiredContext',
  'cache',
] as const;

/**
 * Reads the declaration and checks the options.
 * @throws EnvelopeError `CONFIG`
 */
export function settingsOf(name: string | undefined, options: EnvelopeOptions): Settings {
  const { label, contract } = declaration(name, options);
  const { wrapKeys, unwrapKeys } = contract;
  const { grantTokens, signal, timeoutMillis } = options;
  const monitor = createMonitor(label);
  const kms: KmsAccess = { client: options.kms, grantTokens, monitor };
  return {
    label,
    contract,
    wrapping: options.wrapping ?? kmsWrapping({ wrapKeys, unwrapKeys, ...kms }, monitor),
    ...numbers(options, label),
    ...formatOptions(options, label),
    limits: { signal, timeoutMillis },
    monitor,
    ...(options.wrapping === undefined ? { kms } : {}),
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
  const { direction, wrapKeys, unwrapKeys, wrapping, context, requiredContext, cache } = options;
  const own = wrapping !== undefined;
  if (own) requireWrapping(options, label);
  const value = {
    version: 1,
    direction,
    wrapKeys: wrapKeys ?? (own || direction === 'decrypt' ? [] : undefined),
    unwrapKeys: unwrapKeys ?? (own || direction === 'encrypt' ? [] : undefined),
    context,
    requiredContext,
    cache: { ...DEFAULT_CACHE, ...cache },
  };
  return checkContract(value, label, own ? 'elsewhere' : 'named');
}

function requireWrapping({ wrapping, wrapKeys, unwrapKeys }: EnvelopeOptions, label: string): void {
  const sound = typeof wrapping?.wrapDataKey === 'function' && typeof wrapping.unwrapDataKey === 'function';
  const problems = [
    ...(sound && typeof wrapping.identity === 'string' ? [] : ['wrapping is not a DataKeyWrapping']),
    ...(wrapKeys === undefined && unwrapKeys === undefined ? [] : ['wrapping excludes wrapKeys and unwrapKeys']),
  ];
  if (problems.length > 0) throw new EnvelopeError('CONFIG', `${label}: ${problems.join('; ')}`);
}

/** What is written, and what is read besides. */
function formatOptions(
  { suite = '0x0478', nonCommitting = 'refuse', unstoredContext = [] }: RuntimeOptions,
  label: string,
): Pick<Settings, 'suite' | 'nonCommitting' | 'unstoredContext'> {
  const problems: string[] = [];
  const written = WRITABLE_SUITES.get(suite);
  if (written === undefined) problems.push(`suite is none of: ${[...WRITABLE_SUITES.keys()].join(', ')}`);
  if (nonCommitting !== 'refuse' && nonCommitting !== 'read') {
    problems.push('nonCommitting is neither "refuse" nor "read"');
  }
  if (!Array.isArray(unstoredContext) || unstoredContext.some((name: unknown) => nameProblem(name) !== undefined)) {
    problems.push('unstoredContext is not a list of names of the encryption context');
  }
  if (written !== undefined && problems.length === 0) return { suite: written, nonCommitting, unstoredContext };
  throw new EnvelopeError('CONFIG', `${label}: ${problems.join('; ')}`);
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
  const inRange = (option: string, value: number, min: number, max: number): void => {
    if (Number.isSafeInteger(value) && value >= min && value <= max) return;
    problems.push(`${option} is ${String(value)}; allowed: a whole number from ${min} to ${max}`);
  };
  const read = (option: keyof typeof NUMBERS): number => {
    const [min, max, byDefault] = NUMBERS[option];
    const value = options[option] ?? byDefault;
    inRange(option, value, min, max);
    return value;
  };
  const result = {
    frameLength: read('frameLength'),
    maxEncryptedDataKeys: read('maxEncryptedDataKeys'),
    maxCacheEntries: read('maxCacheEntries'),
  };
  if (options.timeoutMillis !== undefined) inRange('timeoutMillis', options.timeoutMillis, 1, 900_000);
  problems.push(...accessProblems(options));
  if (problems.length > 0) throw new EnvelopeError('CONFIG', `${label}: ${problems.join('; ')}`);
  return result;
}

/** Grant tokens that KMS takes in one call. */
const MAX_GRANT_TOKENS = 10;

function accessProblems({ kms, grantTokens, signal }: RuntimeOptions): string[] {
  const problems: string[] = [];
  if (kms !== undefined && typeof kms !== 'function' && typeof kms?.send !== 'function') {
    problems.push('kms is neither a KMS client nor a function that makes one for a Region');
  }
  const tokens: unknown = grantTokens ?? [];
  // Tokens are not shown: whoever has one may use the grant.
  if (!Array.isArray(tokens) || tokens.some((token) => typeof token !== 'string' || token === '')) {
    problems.push('grantTokens is not a list of non-empty strings');
  } else if (tokens.length > MAX_GRANT_TOKENS) {
    problems.push(`grantTokens has ${tokens.length} tokens; at most ${MAX_GRANT_TOKENS}`);
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) problems.push('signal is not an AbortSignal');
  return problems;
}
