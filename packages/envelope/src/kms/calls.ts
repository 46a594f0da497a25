import { types } from 'node:util';
import type { EncryptionContext } from '../context.ts';
import { EnvelopeError } from '../errors.ts';
import type { Monitor } from '../stats.ts';
import { clientSupplier, forgetLastMatch, type KmsClient, type KmsClientForRegion, loadSdk } from './client.ts';
import { kmsError } from './errors.ts';

/** Who asks KMS, and in whose name. */
export interface KmsAccess {
  /** Default: the SDK's own client for the Region of each key. */
  readonly client?: KmsClient | KmsClientForRegion | undefined;
  /** Tokens of grants that are too new for KMS to know them everywhere. Default: none. */
  readonly grantTokens?: readonly string[] | undefined;
}

/** What all calls are for. */
export interface KmsRequest {
  readonly context: EncryptionContext;
  /** That of the request; retries are the SDK's. */
  readonly signal?: AbortSignal | undefined;
  readonly monitor?: Monitor | undefined;
}

/** What a call asks for, beyond key and context. */
export interface KmsInput {
  readonly NumberOfBytes?: number;
  readonly Plaintext?: Uint8Array;
  readonly CiphertextBlob?: Uint8Array;
}

/** An answer of KMS that comes from the right key. What it holds is checked when it is asked for. */
export interface KmsAnswer {
  /** The key that answered. */
  readonly keyArn: string;
  /** @throws EnvelopeError `KMS_ANSWER` when there is no data key of this length; a wrong one is wiped */
  dataKey(length: number): Uint8Array;
  /** @throws EnvelopeError `KMS_ANSWER` */
  ciphertext(): Uint8Array;
}

/** Whether the key that answered is the one that was asked. */
export type IsAnswerOf = (answered: string, asked: string) => boolean;

/** @throws EnvelopeError of every kind that KMS or the SDK fail with; `KMS_ANSWER` when another key answers */
export type KmsCall = (
  operation: 'GenerateDataKey' | 'Encrypt' | 'Decrypt',
  keyArn: string,
  request: KmsRequest,
  input: KmsInput,
) => Promise<KmsAnswer>;

/** KMS through the caller's client, or through the SDK's default client for the Region of each key. */
export function kmsCall(
  { client, grantTokens = [] }: KmsAccess,
  isAnswerOf: IsAnswerOf = (answered, asked) => answered === asked,
): KmsCall {
  const clientOf = clientSupplier(client);
  const tokens = grantTokens.length === 0 ? {} : { GrantTokens: [...grantTokens] };
  return async (operation, keyArn, { context, signal, monitor }, input) => {
    const action = `kms:${operation}`;
    const known = loadSdk();
    const sdk = known instanceof Promise ? await known : known;
    // Each operation takes its own members of the input, which the callers give it.
    const Command = sdk[`${operation}Command`] as new (input: object) => InstanceType<typeof sdk.DecryptCommand>;
    const command = new Command({ KeyId: keyArn, EncryptionContext: context, ...tokens, ...input });
    const own = clientOf(regionOf(keyArn));
    const sender = own instanceof Promise ? await own : own;
    const begun = performance.now();
    const noted = <T>(outcome: unknown, result: T): T => {
      monitor?.kms(action, keyArn, performance.now() - begun, attemptsOf(outcome), result);
      return result;
    };
    try {
      const answer = await sender.send(command, signal === undefined ? {} : { abortSignal: signal });
      forgetLastMatch();
      return noted(answer, checkedAnswer(answer, action, keyArn, isAnswerOf));
    } catch (cause) {
      throw noted(cause, cause instanceof EnvelopeError ? cause : kmsError(cause, action, keyArn, signal));
    }
  };
}

/** The Region in an ARN. */
export function regionOf(arn: string): string {
  return arn.split(':', 4)[3] ?? '';
}

/** How many requests a call took, as the SDK notes it in its answers and errors. */
function attemptsOf(outcome: unknown): number {
  return (outcome as { $metadata?: { attempts?: number } } | undefined)?.$metadata?.attempts ?? 1;
}

/**
 * An answer counts only when it comes from exactly the key that was asked (CVE-2020-8897) and holds what was asked
 * for. A plaintext that is refused is wiped.
 */
function checkedAnswer(answer: unknown, action: string, keyArn: string, isAnswerOf: IsAnswerOf): KmsAnswer {
  const { KeyId, Plaintext, CiphertextBlob } = Object(answer ?? {}) as Record<string, unknown>;
  const refused = (reason: string): EnvelopeError => {
    if (types.isUint8Array(Plaintext)) Plaintext.fill(0);
    return new EnvelopeError('KMS_ANSWER', `${action} on ${keyArn}: the answer ${reason}`, { keyArn, action });
  };
  if (typeof KeyId !== 'string' || !isAnswerOf(KeyId, keyArn)) throw refused('does not name the key that was asked');
  return {
    keyArn: KeyId,
    dataKey: (length) => {
      if (types.isUint8Array(Plaintext) && Plaintext.length === length) return Plaintext;
      throw refused(`holds no data key of ${length} bytes`);
    },
    ciphertext: () => {
      if (types.isUint8Array(CiphertextBlob) && CiphertextBlob.length > 0) return CiphertextBlob;
      throw refused('holds no wrapped data key');
    },
  };
}
