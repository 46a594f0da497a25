import type { EncryptionContext } from '../context.ts';
import type { Decryptor } from '../envelope.ts';
import { EnvelopeError, type EnvelopeErrorCode } from '../errors.ts';
import { formatted, messageBytes } from '../input.ts';
import type { KmsClient, KmsClientForRegion } from '../kms/client.ts';
import { type CallOptions, patienceOf } from '../patience.ts';
import { contextNow } from '../rules.ts';
import { firstAnswer, type KmsDecrypt, keyArnsOf, kmsDecrypt, MAX_KMS_CIPHERTEXT } from './kms-decrypt.ts';

/** What was written before: `older-message` for other suites, `kms-ciphertext` for what KMS encrypted by itself. */
export type OlderKind = 'older-message' | 'kms-ciphertext';

/** Ciphertext of KMS's own Encrypt, at most 4,096 bytes of plaintext, which was stored as it came. */
export interface KmsCiphertextOptions<C extends EncryptionContext> {
  /** Key ARNs that may have encrypted it, asked in this order. */
  readonly keys: readonly string[];
  /** The encryption context that it was encrypted with, from the context asked for; `() => ({})` where it had none. */
  readonly context: (context: C) => EncryptionContext;
  /** Default: the SDK's own client for the Region of each key. */
  readonly kms?: KmsClient | KmsClientForRegion;
}

/** What a migration reader reads, and how long. */
export interface MigrationOptions<C extends EncryptionContext> {
  /** Reads what is written today. It is asked first, for everything. */
  readonly current: Pick<Decryptor<C>, 'decrypt'>;
  /** When older kinds stop being read. Messages of today are read for ever. */
  readonly until: Date;
  /**
   * Reads messages whose suite the current envelope refuses, for example a decryptor opened with
   * `reads: [nonCommittingMessages]`. Default: they are refused.
   */
  readonly older?: Pick<Decryptor<C>, 'decrypt'>;
  /** Reads ciphertext of KMS's own Encrypt. Default: it is refused. */
  readonly kmsCiphertext?: KmsCiphertextOptions<C>;
  /** Is told of everything older that was read: when it stays silent, the migration is done. */
  readonly onOlder?: (kind: OlderKind) => void;
}

/** Which refusal of the current reader hands over to which older kind. */
const KINDS: ReadonlyMap<EnvelopeErrorCode, OlderKind> = new Map<EnvelopeErrorCode, OlderKind>([
  ['UNSUPPORTED_MESSAGE', 'older-message'],
  ['NOT_A_MESSAGE', 'kms-ciphertext'],
]);

type Read = (
  message: Uint8Array | string,
  context: EncryptionContext,
  format: unknown,
  call?: CallOptions,
) => Promise<unknown>;

/**
 * A decryptor that also reads what was written before, until a date. As long as it may read raw ciphertext of KMS,
 * input that is no message at all costs a call for each key. Give it to {@link reencrypt} as `from`.
 * @param options - the readers, and the date
 * @returns `decrypt` as {@link Decryptor.decrypt}, which throws `MIGRATION_ENDED` for older kinds after the date
 * @throws EnvelopeError `CONFIG` for a date that is none, or for keys that are not key ARNs
 */
export function migrationReader<C extends EncryptionContext = EncryptionContext>(
  options: MigrationOptions<C>,
): Pick<Decryptor<C>, 'decrypt'> {
  const { current, onOlder } = options;
  const end = options.until.getTime();
  if (Number.isNaN(end)) throw new EnvelopeError('CONFIG', 'until is a Date that is not valid');
  const readers: Readonly<Record<OlderKind, Read | undefined>> = {
    'older-message': options.older?.decrypt.bind(options.older) as Read | undefined,
    'kms-ciphertext': options.kmsCiphertext && kmsCiphertextReader(options.kmsCiphertext),
  };
  const decrypt: Read = async (message, given, format, call) => {
    const context = contextNow(given);
    try {
      return await (current.decrypt.bind(current) as Read)(message, context, format, call);
    } catch (error) {
      const kind = error instanceof EnvelopeError ? KINDS.get(error.code) : undefined;
      const read = kind && readers[kind];
      if (kind === undefined || read === undefined || !mayBe(kind, message)) throw error;
      if (Date.now() >= end) throw ended(kind, options.until);
      const plaintext = await read(message, context, format, call);
      onOlder?.(kind);
      return plaintext;
    }
  };
  return { decrypt: decrypt as Decryptor<C>['decrypt'] };
}

function kmsCiphertextReader<C extends EncryptionContext>(options: KmsCiphertextOptions<C>): Read {
  const keys = keyArnsOf(options.keys, 'kmsCiphertext.keys');
  const ask: KmsDecrypt = kmsDecrypt(options.kms);
  return async (message, context, format, call) => {
    const convert = formatted(format);
    const patience = patienceOf(call, {});
    patience?.check();
    const ciphertext = new Uint8Array(messageBytes(message));
    const bound = options.context(context as C);
    const abort = new AbortController();
    const answer = firstAnswer(keys, (keyArn) => ask(keyArn, ciphertext, bound, abort.signal));
    let plaintext: Uint8Array;
    try {
      ({ plaintext } = await (patience === undefined ? answer : patience.wait(answer)));
    } catch (error) {
      // Nobody waits for it any more. It may come all the same.
      abort.abort();
      answer.then((late) => late.plaintext.fill(0)).catch(() => undefined);
      throw error;
    }
    return convert(plaintext);
  };
}

/** Input that KMS would refuse for its length, or that is not even base64, is not KMS's ciphertext either. */
function mayBe(kind: OlderKind, message: Uint8Array | string): boolean {
  if (kind === 'older-message') return true;
  try {
    const { length } = messageBytes(message);
    return length > 0 && length <= MAX_KMS_CIPHERTEXT;
  } catch {
    return false;
  }
}

function ended(kind: OlderKind, until: Date): EnvelopeError {
  return new EnvelopeError(
    'MIGRATION_ENDED',
    `the input is of an older kind (${kind}), which was read until ${until.toISOString()}; KMS was not called`,
  );
}
