import { isUint8Array } from 'node:util/types';
import type { EncryptionContext } from '../context.ts';
import { EnvelopeError, type EnvelopeErrorCode, fail } from '../errors.ts';
import { type Monitor, monotonicMillis } from '../events.ts';
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
  /** Bytes of the data key. */
  readonly dataKeyLength: number;
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

/** An answer of KMS that comes from the right key, and holds what its operation answers with. */
export interface KmsAnswer {
  /** The key that answered. */
  readonly KeyId: string;
  /** The data key, of the length that was asked for. `Encrypt` has none. */
  readonly Plaintext: Uint8Array;
  /** The wrapped data key, which is not empty. `Decrypt` has none. */
  readonly CiphertextBlob: Uint8Array;
}

type Operation = 'GenerateDataKey' | 'Encrypt' | 'Decrypt';

/** Whether the key that answered is the one that was asked. */
export type IsAnswerOf = (answered: string, asked: string) => boolean;

/** @throws EnvelopeError of every kind that KMS or the SDK fail with; `KMS_ANSWER` when the answer is another one */
export type KmsCall = (
  operation: Operation,
  keyArn: string,
  request: KmsRequest,
  input: KmsInput,
) => Promise<KmsAnswer>;

/** KMS through the caller's client, or through the SDK's default client for the Region of each key. */
export function kmsCall({ client, grantTokens }: KmsAccess, isAnswerOf: IsAnswerOf = Object.is): KmsCall {
  const clientOf = clientSupplier(client);
  const tokens = grantTokens && { GrantTokens: [...grantTokens] };
  return async (operation, keyArn, { context, dataKeyLength, signal, monitor }, input) => {
    const action = `kms:${operation}`;
    const sdk = await loadSdk();
    // Each operation takes its own members of the input, which the callers give it.
    const Command = sdk[`${operation}Command`] as new (input: object) => InstanceType<typeof sdk.DecryptCommand>;
    // Not by spreading, which takes ten times as long where the parts come in several shapes.
    const command = new Command(Object.assign({ KeyId: keyArn, EncryptionContext: context }, tokens, input));
    const sender = await clientOf(keyArn);
    const begun = monotonicMillis();
    const told = (outcome: unknown, code?: EnvelopeErrorCode): void => {
      // The SDK notes in its answers and errors how many requests a call took.
      const { $metadata } = Object(outcome ?? {}) as { $metadata?: { attempts?: number } };
      const attempts = $metadata?.attempts ?? 1;
      const event = { action, keyArn, durationMillis: monotonicMillis() - begun, attempts, ...(code && { code }) };
      monitor?.('kms', event);
      if (code === 'THROTTLED') monitor?.('throttle', event);
    };
    let answer: unknown;
    try {
      answer = await sender.send(command, { ...(signal && { abortSignal: signal }) });
      forgetLastMatch();
      const problem = problemOf(answer, operation, keyArn, dataKeyLength, isAnswerOf);
      if (problem !== undefined)
        fail('KMS_ANSWER', `${action} on ${keyArn}: the answer ${problem}`, { keyArn, action });
    } catch (cause) {
      const error = cause instanceof EnvelopeError ? cause : kmsError(cause, action, keyArn, signal);
      told(answer ?? cause, error.code);
      throw error;
    }
    told(answer);
    return answer as KmsAnswer;
  };
}

/**
 * What keeps an answer from counting: it has to come from exactly the key that was asked (CVE-2020-8897), and to hold
 * what was asked for. A plaintext that is refused is wiped.
 */
function problemOf(
  answer: unknown,
  operation: Operation,
  keyArn: string,
  dataKeyLength: number,
  isAnswerOf: IsAnswerOf,
): string | undefined {
  const { KeyId, Plaintext, CiphertextBlob } = Object(answer ?? {}) as Partial<KmsAnswer>;
  const isBytes = isUint8Array(Plaintext);
  let problem: string | undefined;
  if (typeof KeyId !== 'string' || !isAnswerOf(KeyId, keyArn)) problem = 'does not name the key that was asked';
  else if (operation !== 'Encrypt' && (!isBytes || Plaintext.length !== dataKeyLength)) {
    problem = `holds no data key of ${dataKeyLength} bytes`;
  } else if (operation !== 'Decrypt' && !(isUint8Array(CiphertextBlob) && CiphertextBlob.length > 0)) {
    problem = 'holds no wrapped data key';
  }
  if (problem !== undefined && isBytes) Plaintext.fill(0);
  return problem;
}
