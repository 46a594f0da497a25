import { UNSIGNED_SUITE } from './committing.ts';
import { type EncryptionContext, isContextValue } from './context.ts';
import {
  type CacheLimits,
  CONTRACT_MEMBERS,
  checkContract,
  type Direction,
  type EnvelopeContract,
  parseContract,
} from './contract.ts';
import { fail } from './errors.ts';
import { createMonitor, type Monitor } from './events.ts';
import { type Formats, formatsOf, type MessageFormat, type WritableFormat } from './formats.ts';
import type { KmsClient, KmsClientForRegion } from './kms/client.ts';
import { namedKeys } from './kms/keys.ts';
import { isPlain, listOf, type MemberRule, problemsOf, refuseIfAny, whole } from './member-rules.ts';
import type { CallOptions } from './patience.ts';
import type { Signing, Suite } from './suite.ts';
import type { DataKeyWrapping } from './wrapping.ts';

/** Options that have nothing to do with where the declaration comes from. */
export interface RuntimeOptions extends CallOptions {
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
   * Plaintext bytes of one frame in messages that are written, 1 to 1,073,741,824. Default: 65,536, which encrypts
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
export interface Settings extends CallOptions {
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
  /** What is told of everything that happens. */
  readonly monitor: Monitor;
  /** Who else hears of it, within the program: counters. */
  readonly listeners: Monitor[];
  /** How KMS is asked, unless something else wraps. */
  readonly kms?: KmsClient | KmsClientForRegion;
  readonly grantTokens?: readonly string[];
}

const PREFIX = 'KEYSMITH_ENVELOPE_';

const DEFAULT_CACHE: CacheLimits = { maxAgeSeconds: 300, maxMessages: 10_000, maxBytes: 1_073_741_824 };

/** What the options have to be that are there, but for the declaration among them. */
const RULES: Readonly<Record<Exclude<keyof ExplicitOptions, keyof EnvelopeContract>, MemberRule>> = {
  // Only looked up in.
  env: ['', () => true],
  wrapping: [
    'a DataKeyWrapping',
    (value) => {
      const { wrapDataKey, unwrapDataKey } = Object(value) as Partial<DataKeyWrapping>;
      return typeof wrapDataKey === 'function' && typeof unwrapDataKey === 'function';
    },
  ],
  kms: [
    'a KMS client',
    (value) => typeof value === 'function' || typeof (Object(value) as Partial<KmsClient>).send === 'function',
  ],
  // KMS takes ten. They are not shown: whoever has one may use the grant.
  grantTokens: listOf('at most 10 grant tokens', isContextValue, 10),
  patience: ['...within({ … })', (value) => typeof value === 'function'],
  // The format has larger ones, of up to 2^32 - 1 bytes, which Node's ciphers do not take at once.
  frameLength: whole(1, 1_073_741_824),
  maxEncryptedDataKeys: whole(1, 65_535),
  maxCacheEntries: whole(1, 1_000_000),
  reads: [
    'a list such as [signedMessages]',
    (value) => Array.isArray(value) && value.every((kind) => kind?.name && typeof kind === 'object'),
  ],
  writes: ['signedMessages', (value) => (Object(value) as Partial<WritableFormat>).writes !== undefined],
  requireSignature: ['true or false', (value) => typeof value === 'boolean'],
};

/** What is used where nothing else is given. */
const DEFAULTS = { frameLength: 65_536, maxEncryptedDataKeys: 10, maxCacheEntries: 1_000 };

/**
 * Reads the declaration and checks the options.
 * @throws EnvelopeError `CONFIG`
 */
export function settingsOf(name: string | undefined, options: EnvelopeOptions): Settings {
  if (!isPlain(options)) return fail('CONFIG', 'the options of an envelope are an object');
  // An option that is undefined is as good as none.
  const given: EnvelopeOptions = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const [label, contract] = declaration(name, given);
  refuseIfAny(label, problemsOf(RULES, given, '', CONTRACT_MEMBERS));
  const { reads = [], writes, requireSignature } = given;
  // What is written is also to be read.
  const formats = formatsOf(writes === undefined ? reads : [writes, ...reads], requireSignature);
  if (requireSignature && (contract.direction === 'decrypt' ? formats.suites.size === 0 : writes === undefined)) {
    refuseIfAny(label, ['requireSignature needs writes: signedMessages, or to decrypt only, reads: [signedMessages]']);
  }
  const listeners: Monitor[] = [];
  return {
    wrapping: namedKeys(contract.wrapKeys, contract.unwrapKeys, { client: given.kms, grantTokens: given.grantTokens }),
    ...DEFAULTS,
    ...given,
    label,
    contract,
    suite: writes?.writes ?? UNSIGNED_SUITE,
    signing: writes?.signing,
    formats,
    monitor: createMonitor(label, listeners),
    listeners,
  };
}

function declaration(name: string | undefined, given: EnvelopeOptions): [label: string, contract: EnvelopeContract] {
  const own = given.wrapping !== undefined;
  const declared = Object.entries(given).filter(([member]) => CONTRACT_MEMBERS.includes(member));
  if (own || declared.length > 0) {
    const label = `options of envelope ${name ?? ''}`.trimEnd();
    const cache = { ...DEFAULT_CACHE, ...given.cache };
    return [
      label,
      checkContract({ version: 1, wrapKeys: [], unwrapKeys: [], ...Object.fromEntries(declared), cache }, label, own),
    ];
  }
  const env = given.env ?? process.env;
  const found = Object.keys(env).filter((variable) => variable.startsWith(PREFIX) && env[variable] !== undefined);
  const label = name === undefined && found.length === 1 ? (found[0] as string) : PREFIX + (name ?? '<name>');
  const value = env[label];
  if (value !== undefined) return [label, parseContract(value, label)];
  const problem = name === undefined ? 'has to be there exactly once, or be named' : 'is not set';
  return fail('CONFIG', `${label} ${problem}; there is: ${found.sort().join(', ') || 'none'}`);
}

/** @throws EnvelopeError `DIRECTION` when the declaration allows the other direction only */
export function requireDirection({ label, contract: { direction } }: Settings, wanted: 'encrypt' | 'decrypt'): void {
  if (direction === 'both' || direction === wanted) return;
  fail('DIRECTION', `${label} allows "${direction}" only; "${wanted}" is refused`);
}
