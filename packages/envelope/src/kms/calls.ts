import { types } from 'node:util';
import { parseAliasArn, parseKeyArn, regionOf } from '../arn.ts';
import type { EncryptionContext } from '../context.ts';
import { EnvelopeError, type EnvelopeErrorCode } from '../errors.ts';
import type { Monitor } from '../stats.ts';
import { clientSupplier, type KmsClient, type KmsClientForRegion, type KmsCommand, loadSdk } from './client.ts';
import { kmsError } from './errors.ts';

/** Who asks KMS, in whose name, and who is told. */
export interface KmsAccess {
  /** Default: the SDK's own client for the Region of each key. */
  readonly client?: KmsClient | KmsClientForRegion | undefined;
  /** Tokens of grants that are too new for KMS to know them everywhere. Default: none. */
  readonly grantTokens?: readonly string[] | undefined;
  /** Takes note of every call. Default: nobody does. */
  readonly monitor?: Monitor | undefined;
}

/** A data key as KMS wrapped it. */
export interface WrappedByKms {
  /** The key that did: the one asked for, or the one that the alias asked for points at. */
  readonly keyArn: string;
  readonly ciphertext: Uint8Array;
}

/**
 * The three KMS operations, each with its answer checked. All of them throw EnvelopeError. The signal is that of the
 * request; retries are the SDK's.
 */
export interface KmsCalls {
  /** A new data key in clear and wrapped. */
  generateDataKey(
    keyArn: string,
    dataKeyLength: number,
    context: EncryptionContext,
    signal?: AbortSignal,
  ): Promise<WrappedByKms & { dataKey: Uint8Array }>;
  /** A data key wrapped under a further key. */
  encrypt(keyArn: string, dataKey: Uint8Array, context: EncryptionContext, signal?: AbortSignal): Promise<WrappedByKms>;
  /** A data key unwrapped. */
  decrypt(
    keyArn: string,
    ciphertext: Uint8Array,
    dataKeyLength: number,
    context: EncryptionContext,
    signal?: AbortSignal,
  ): Promise<Uint8Array>;
}

/** KMS operations through the caller's client, or through the SDK's default client for the Region of each key. */
export function kmsCalls({ client, grantTokens = [], monitor }: KmsAccess): KmsCalls {
  const clientOf = clientSupplier(client);
  const GrantTokens = grantTokens.length === 0 ? {} : { GrantTokens: [...grantTokens] };

  async function send(
    action: string,
    keyArn: string,
    command: KmsCommand,
    signal: AbortSignal | undefined,
  ): Promise<Answer> {
    const sender = await clientOf(regionOf(keyArn));
    const begun = performance.now();
    const ended = (outcome: unknown, code?: EnvelopeErrorCode): void =>
      monitor?.kms({
        action,
        keyArn,
        durationMillis: performance.now() - begun,
        attempts: attemptsOf(outcome),
        ...(code === undefined ? {} : { code }),
      });
    try {
      const answer = await sender.send(command, signal === undefined ? {} : { abortSignal: signal });
      const checked = checkedAnswer(answer, action, keyArn);
      ended(answer);
      return checked;
    } catch (cause) {
      const error = cause instanceof EnvelopeError ? cause : kmsError(cause, action, keyArn, signal);
      ended(cause, error.code);
      throw error;
    }
  }

  return {
    async generateDataKey(keyArn, dataKeyLength, context, signal) {
      const { GenerateDataKeyCommand } = await loadSdk();
      const request = { KeyId: keyArn, NumberOfBytes: dataKeyLength, EncryptionContext: context, ...GrantTokens };
      const answer = await send('kms:GenerateDataKey', keyArn, new GenerateDataKeyCommand(request), signal);
      return {
        keyArn: answer.keyArn,
        dataKey: answer.plaintext(dataKeyLength),
        ciphertext: answer.ciphertext(),
      };
    },
    async encrypt(keyArn, dataKey, context, signal) {
      const { EncryptCommand } = await loadSdk();
      const request = { KeyId: keyArn, Plaintext: dataKey, EncryptionContext: context, ...GrantTokens };
      const answer = await send('kms:Encrypt', keyArn, new EncryptCommand(request), signal);
      return { keyArn: answer.keyArn, ciphertext: answer.ciphertext() };
    },
    async decrypt(keyArn, ciphertext, dataKeyLength, context, signal) {
      const { DecryptCommand } = await loadSdk();
      const request = { KeyId: keyArn, CiphertextBlob: ciphertext, EncryptionContext: context, ...GrantTokens };
      return (await send('kms:Decrypt', keyArn, new DecryptCommand(request), signal)).plaintext(dataKeyLength);
    },
  };
}

/** How many requests a call took, as the SDK notes it in its answers and errors. */
function attemptsOf(outcome: unknown): number {
  const { attempts } = (outcome as { $metadata?: { attempts?: unknown } } | undefined)?.$metadata ?? {};
  return typeof attempts === 'number' ? attempts : 1;
}

interface Answer {
  readonly keyArn: string;
  plaintext(length: number): Uint8Array;
  ciphertext(): Uint8Array;
}

/**
 * An answer counts only when it comes from exactly the key that was asked (CVE-2020-8897) and holds what was asked
 * for. A plaintext that is refused is wiped.
 */
function checkedAnswer(answer: unknown, action: string, keyArn: string): Answer {
  const { KeyId, Plaintext, CiphertextBlob } = (answer ?? {}) as Record<string, unknown>;
  const refused = (reason: string): EnvelopeError => {
    if (types.isUint8Array(Plaintext)) Plaintext.fill(0);
    return new EnvelopeError('KMS_ANSWER', `${action} on ${keyArn}: the answer ${reason}`, { keyArn, action });
  };
  if (typeof KeyId !== 'string' || !isAnswerOf(KeyId, keyArn)) throw refused('does not name the key that was asked');
  return {
    keyArn: KeyId,
    plaintext: (length) => {
      if (!types.isUint8Array(Plaintext)) throw refused('holds no data key');
      if (Plaintext.length !== length)
        throw refused(`holds a data key of ${Plaintext.length} bytes instead of ${length}`);
      return Plaintext;
    },
    ciphertext: () => {
      if (!types.isUint8Array(CiphertextBlob) || CiphertextBlob.length === 0) {
        throw refused('holds no wrapped data key');
      }
      return CiphertextBlob;
    },
  };
}

/** An alias is answered for by a key of its own account and Region; which one is for KMS to say. */
function isAnswerOf(answered: string, asked: string): boolean {
  if (answered === asked) return parseAliasArn(asked) === undefined;
  const [alias, key] = [parseAliasArn(asked), parseKeyArn(answered)];
  if (alias === undefined || key === undefined) return false;
  return alias.partition === key.partition && alias.region === key.region && alias.account === key.account;
}
