import { types } from 'node:util';
import { parseKeyArn } from '../arn.ts';
import { contextOf, type EncryptionContext, RESERVED_PREFIX } from '../context.ts';
import { EVERY_FORMAT } from '../formats/every.ts';
import { contentLengthOf as framedLength, planFrames } from '../frames.ts';
import { encryptedDataKeysOf, type Header, parseHeader } from '../header.ts';
import { messageBytes } from '../input.ts';
import { planNonFramed } from '../non-framed.ts';

/** What a message says about itself. Nobody has verified it: whoever can write the message can write all of it. */
export interface Inspection {
  /** Always: KMS was not asked, so nothing here is more than a claim. */
  readonly authenticated: false;
  /** Version of the message format: 1 or 2. */
  readonly messageVersion: 1 | 2;
  /** The algorithm suite, such as 0x0478. */
  readonly suite: {
    readonly id: number;
    /** The specification's name. */
    readonly name: string;
    /** Whether the message commits to one data key. */
    readonly commits: boolean;
    readonly signed: boolean;
  };
  /** Who wrapped the data key, in the order of the message. */
  readonly wrappedBy: readonly WrappingClaim[];
  /** The encryption context, without the names that the message format keeps to itself. */
  readonly context: EncryptionContext;
  /** Plaintext bytes of every frame but the last; absent where the body is not framed. */
  readonly frameLength?: number;
  /** Bytes of the header, after which the body begins. */
  readonly headerLength: number;
  /** Bytes of the plaintext; absent where the input is not a whole message. */
  readonly contentLength?: number;
}

/** One wrapped data key of a message. */
export interface WrappingClaim {
  /** `aws-kms` for KMS; other wrappings have names of their own. */
  readonly providerId: string;
  /** ARN of the KMS key; absent for other wrappings. */
  readonly keyArn?: string;
}

/** As many as the format can count. Nothing is done for each of them here but reading it. */
const ANY_NUMBER_OF_KEYS = 65_535;

/**
 * Reads what a message says about itself, without KMS: what to know before deciding whether it has to be re-encrypted.
 * @param message - bytes or base64 text of a message of any suite, or at least its whole header
 * @throws EnvelopeError `INVALID_INPUT`, `NOT_A_MESSAGE`, `UNSUPPORTED_MESSAGE`, `NOT_AUTHENTIC` for what is malformed
 * @see https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/message-format.html
 */
export function inspect(message: Uint8Array | string): Inspection {
  const bytes = messageBytes(message);
  const header = parseHeader(bytes, ANY_NUMBER_OF_KEYS, EVERY_FORMAT.suites);
  const { id, name, commits, verifierOf, messageVersion } = header.suite;
  const contentLength = contentLengthOf(header, bytes.subarray(header.bytes.length));
  return {
    authenticated: false,
    messageVersion,
    suite: { id, name, commits, signed: verifierOf !== undefined },
    wrappedBy: encryptedDataKeysOf(header).map(({ providerId, providerInfo }) => {
      const keyArn = Buffer.from(providerInfo).toString('latin1');
      return providerId === 'aws-kms' && parseKeyArn(keyArn) !== undefined ? { providerId, keyArn } : { providerId };
    }),
    context: contextOf(Object.entries(header.context).filter(([key]) => !key.startsWith(RESERVED_PREFIX))),
    ...(header.framed ? { frameLength: header.frameLength } : {}),
    headerLength: header.bytes.length,
    ...(contentLength === undefined ? {} : { contentLength }),
  };
}

function contentLengthOf(header: Header, body: Uint8Array): number | undefined {
  try {
    const plan = header.framed ? planFrames(body, header.frameLength) : planNonFramed(body);
    const rest = body.length - plan.length;
    // Only a signature may follow, and has to in signed messages.
    if (header.suite.verifierOf === undefined ? rest !== 0 : rest === 0) return undefined;
    if ('contentLength' in plan) return plan.contentLength;
    return plan.finalLength === undefined ? undefined : framedLength(plan, header.frameLength);
  } catch {
    // Cut short, or not sound: that the header can be read is worth something all the same.
    return undefined;
  }
}

/** A message as bytes that nobody else can change while it is read twice. */
export function ownMessage(message: Uint8Array | string): Uint8Array {
  const bytes = messageBytes(message);
  return types.isUint8Array(message) ? new Uint8Array(bytes) : bytes;
}
