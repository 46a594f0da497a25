import { UNSIGNED_SUITE } from './committing.ts';
import type { EncryptionContext } from './context.ts';
import { type CacheLimits, checkContract, type Direction, type EnvelopeContract, parseContract } from './contract.ts';
import type { CallLimits } from './deadline.ts';
import { EnvelopeError } from './errors.ts';
import { type Formats, formatsOf, type MessageFormat, type WritableFormat } from './formats.ts';
import type { KmsAccess } from './kms/calls.ts';
import type { KmsClient, KmsClientForRegion } from './kms/client.ts';
import { namedKeys } from './kms/keys.ts';
import { listOf, type MemberRule, problemsOf, refuseIfAny, whole } from './member-rules.ts';
import { createMonitor, type Monitor } from './stats.ts';
import type { Signing, Suite } from './suite.ts';
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
   * Kinds of messages that are read besides unsigned ones of suite 0x0478 in frames: {@link signedMessages},
   * {@link nonCommittingMessages}, {@link nonFramedMessages}, {@link unstoredContext}. Default: none.
   */
  readonly reads?: readonly MessageFormat[];
  /**
   * What messages are written as, and read besides: {@link signedMessages}. Default: unsigned, suite 0x0478.
   */
  readonly writes?: WritableFormat;
  /**
   * Whether unsigned messages are refused with `UNSUPPORTED_MESSAGE`, before KMS is called. Needs
   * {@link signedMessages} as `writes`, or for a decryptor among `reads`. An unsigned message could otherwise have been made by whoever
   * may only decrypt. Default: false.
   */
  readonly requireSignature?: boolean;
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
  /** How they are signed; `undefined` for unsigned suites. */
  readonly signing: Signing | undefined;
  /** What is read. */
  readonly formats: Formats;
  /** What limits the waiting of every call. */
  readonly limits: CallLimits;
  readonly monitor: Monitor;
  /** How KMS is asked; absent where something else wraps the data keys. */
  readonly kms?: KmsAccess;
}

const PREFIX = 'KEYSMITH_ENVELOPE_';

const DEFAULT_CACHE: CacheLimits = { maxAgeSeconds: 300, maxMessages: 10_000, maxBytes: 1_073_741_824 };

/** A rule for an option that may be left out. */
function optional([holds, ...others]: MemberRule): MemberRule {
  return [(value) => value === undefined || holds(value), ...others];
}

function isWrapping(value: unknown): boolean {
  const { wrapDataKey, unwrapDataKey, identity } = Object(value ?? {}) as Partial<DataKeyWrapping>;
  return typeof wrapDataKey === 'function' && typeof unwrapDataKey === 'function' && typeof identity === 'string';
}

/** Checked elsewhere. */
const ANYTHING: MemberRule = [() => true, ''];

/** The members of a declaration in code, of which one is enough for the environment not to be read. Checked as one. */
const DECLARATION = {
  direction: ANYTHING,
  wrapKeys: ANYTHING,
  unwrapKeys: ANYTHING,
  wrapping: optional([isWrapping, 'a DataKeyWrapping']),
  context: ANYTHING,
  requiredContext: ANYTHING,
  cache: ANYTHING,
};

const RULES: Readonly<Record<keyof ExplicitOptions, MemberRule>> = {
  ...DECLARATION,
  env: ANYTHING,
  kms: optional([
    (value) => typeof (value as KmsClient).send === 'function' || typeof value === 'function',
    'a KMS client',
  ]),
  // KMS takes ten. They are not shown: whoever has one may use the grant.
  grantTokens: optional(listOf('at most 10 grant tokens', (token) => token !== '', 10)),
  timeoutMillis: optional(whole(1, 900_000)),
  signal: optional([(value) => value instanceof AbortSignal, 'an AbortSignal']),
  frameLength: optional(whole(1, 4_294_967_295)),
  maxEncryptedDataKeys: optional(whole(1, 65_535)),
  maxCacheEntries: optional(whole(1, 1_000_000)),
  reads: optional([
    (value) => Array.isArray(value) && value.every((kind) => kind?.name),
    'a list such as [signedMessages]',
  ]),
  writes: optional([(value) => (value as WritableFormat).writes !== undefined, 'signedMessages']),
  requireSignature: optional([(value) => typeof value === 'boolean', 'true or false']),
};

/**
 * Reads the declaration and checks the options.
 * @throws EnvelopeError `CONFIG`
 */
export function settingsOf(name: string | undefined, options: EnvelopeOptions): Settings {
  const { label, contract } = declaration(name, options);
  refuseIfAny(label, problemsOf(RULES, options));
  const { grantTokens, signal, timeoutMillis, writes, wrapping, kms: client } = options;
  const kms: KmsAccess = { client, grantTokens };
  return {
    label,
    contract,
    wrapping: wrapping ?? namedKeys(contract.wrapKeys, contract.unwrapKeys, kms),
    frameLength: options.frameLength ?? 65_536,
    maxEncryptedDataKeys: options.maxEncryptedDataKeys ?? 10,
    maxCacheEntries: options.maxCacheEntries ?? 1_000,
    suite: writes?.writes ?? UNSIGNED_SUITE,
    signing: writes?.signing,
    formats: formatsFor(label, contract.direction, options),
    limits: { signal, timeoutMillis },
    monitor: createMonitor(label),
    ...(wrapping === undefined ? { kms } : {}),
  };
}

function formatsFor(
  label: string,
  direction: Direction,
  { reads = [], writes, requireSignature = false }: RuntimeOptions,
): Formats {
  const formats = formatsOf(writes === undefined ? reads : [writes, ...reads], requireSignature);
  // What is written is also to be read.
  const sound = !requireSignature || (direction === 'decrypt' ? formats.suites.size > 0 : writes !== undefined);
  refuseIfAny(
    label,
    sound ? [] : ['requireSignature needs writes: signedMessages, or to decrypt only, reads: [signedMessages]'],
  );
  return formats;
}

function declaration(
  name: string | undefined,
  options: EnvelopeOptions,
): { label: string; contract: EnvelopeContract } {
  if (Object.keys(DECLARATION).some((member) => options[member as keyof typeof DECLARATION] !== undefined)) {
    const label = `options of envelope ${name ?? ''}`.trimEnd();
    return { label, contract: explicitContract(options, label) };
  }
  const env = options.env ?? process.env;
  const found = Object.keys(env).filter((variable) => variable.startsWith(PREFIX) && env[variable] !== undefined);
  const label = name === undefined && found.length === 1 ? (found[0] as string) : PREFIX + (name ?? '<name>');
  const value = env[label];
  if (value !== undefined) return { label, contract: parseContract(value, label) };
  const problem = name === undefined ? `without a name there has to be exactly one ${label}` : `${label} is not set`;
  throw new EnvelopeError('CONFIG', `${problem}; there is: ${found.sort().join(', ') || 'none'}`);
}

function explicitContract(options: EnvelopeOptions, label: string): EnvelopeContract {
  const { direction, wrapKeys, unwrapKeys, wrapping, context, requiredContext, cache } = options;
  const own = wrapping !== undefined;
  const value = {
    version: 1,
    direction,
    wrapKeys: wrapKeys ?? (own || direction === 'decrypt' ? [] : undefined),
    unwrapKeys: unwrapKeys ?? (own || direction === 'encrypt' ? [] : undefined),
    context,
    requiredContext,
    cache: { ...DEFAULT_CACHE, ...cache },
  };
  if (own)
    refuseIfAny(label, (wrapKeys ?? unwrapKeys) === undefined ? [] : ['wrapping excludes wrapKeys and unwrapKeys']);
  return checkContract(value, label, own ? 'elsewhere' : 'named');
}
