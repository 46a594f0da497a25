import { createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import type { Reader } from './bytes.ts';
import { type EncryptionContext, PUBLIC_KEY_NAME } from './context.ts';
import { notAuthentic } from './errors.ts';
import type { Suite } from './suites.ts';

/** What a curve is called, how long its numbers are, and how a public key on it begins as SubjectPublicKeyInfo. */
interface Curve {
  readonly hash: 'sha256' | 'sha384';
  /** Bytes of a coordinate, and of each half of a signature. */
  readonly size: number;
  /** DER of everything before a compressed point (RFC 5480). */
  readonly spki: Buffer;
}

const CURVES: Readonly<Record<Exclude<Suite['signature'], 'none'>, Curve>> = {
  'P-256': {
    hash: 'sha256',
    size: 32,
    spki: Buffer.from('3039301306072a8648ce3d020106082a8648ce3d030107032200', 'hex'),
  },
  'P-384': {
    hash: 'sha384',
    size: 48,
    spki: Buffer.from('3046301006072a8648ce3d020106052b81040022033200', 'hex'),
  },
};

/** A fresh pair of keys, of which the context carries the public one. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  /** The public key as the context carries it: base64 of the compressed point. */
  readonly publicKeyText: string;
}

/** A key pair for messages under one data key: specification, framework/default-cmm.md. P-384 is all that is written. */
export function newSigningKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  // By SPKI, whose end is the point 04 | x | y: exporting to JWK can hang on Node 20.
  const point = publicKey.export({ type: 'spki', format: 'der' }).subarray(-2 * CURVES['P-384'].size);
  const x = point.subarray(0, CURVES['P-384'].size);
  const parity = 2 + ((point.at(-1) ?? 0) & 1);
  return { privateKey, publicKeyText: Buffer.concat([Buffer.of(parity), x]).toString('base64') };
}

/**
 * The public key of a signed message, `undefined` for an unsigned suite. A signed suite and the entry in the context
 * come only together; without a signature it would claim what nothing backs.
 * @throws EnvelopeError `NOT_AUTHENTIC` when only one of them is there, or the entry is no compressed point of the curve
 */
export function publicKeyOf(suite: Suite, context: EncryptionContext): KeyObject | undefined {
  requirePublicKeyEntry(suite, context);
  if (suite.signature === 'none') return undefined;
  const { size, spki } = CURVES[suite.signature];
  const text = context[PUBLIC_KEY_NAME] ?? '';
  const point = Buffer.from(text, 'base64');
  const compressed = point.length === 1 + size && (point[0] === 2 || point[0] === 3);
  if (!compressed || point.toString('base64') !== text) throw notAuthentic();
  try {
    return createPublicKey({ key: Buffer.concat([spki, point]), format: 'der', type: 'spki' });
  } catch {
    throw notAuthentic();
  }
}

/**
 * Refuses a context that claims a signature which the suite does not have, and the other way round.
 * @throws EnvelopeError `NOT_AUTHENTIC`
 */
export function requirePublicKeyEntry(suite: Suite, context: EncryptionContext): void {
  if ((suite.signature !== 'none') !== PUBLIC_KEY_NAME in context) throw notAuthentic();
}

/** The hash that a signed suite signs; for verifying piece by piece. */
export function signatureHash(suite: Suite): Curve['hash'] {
  return CURVES[suite.signature === 'none' ? 'P-384' : suite.signature].hash;
}

/**
 * Reads the footer of a signed message, which is the end of it: specification, data-format/message-footer.md.
 * @throws EnvelopeError `NOT_AUTHENTIC` when it is anything but one strictly encoded signature
 */
export function readFooter(footer: Reader, suite: Suite): Uint8Array {
  const signature = footer.field();
  if (suite.signature === 'none' || footer.remaining !== 0) throw notAuthentic();
  requireStrictDer(signature, CURVES[suite.signature].size);
  return signature;
}

/** Whether the signature is one of these bytes. */
export function isSignedBy(publicKey: KeyObject, suite: Suite, signed: Uint8Array, signature: Uint8Array): boolean {
  return verify(signatureHash(suite), signed, publicKey, signature);
}

/** Bytes of the footer that {@link writeFooter} writes. */
export const FOOTER_LENGTH = 2 + 103;

const P384_ORDER = BigInt(
  '0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
);

/**
 * The footer of a message that a P-384 key signs, of {@link FOOTER_LENGTH} bytes, so that the size of a message is known
 * before it is written.
 * @param attempts - each makes another signature of the message in DER. When none of them can be brought to the length,
 * the last one is taken as it is: valid, and shorter by a byte or two
 */
export function footerOf(attempts: Iterable<() => Uint8Array>): Uint8Array {
  let signature: Uint8Array = new Uint8Array(0);
  for (const signOnce of attempts) {
    signature = signOnce();
    const fixed = withFixedLength(signature);
    if (fixed !== undefined) return footer(fixed);
  }
  return footer(signature);
}

function footer(signature: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.of(0, signature.length), signature]);
}

/** Signs `signed` in one go. */
export function signatureOf(privateKey: KeyObject, signed: Uint8Array): Uint8Array {
  return sign('sha384', signed, privateKey);
}

/**
 * A signature in 103 bytes: one of its halves begins with a zero byte and the other does not. Where DER made it longer
 * or shorter, s is replaced by order − s, which verifies as well. The few that this does not help (a half is shorter
 * still) are `undefined`, to be signed again.
 */
function withFixedLength(signature: Uint8Array): Uint8Array | undefined {
  const wanted = FOOTER_LENGTH - 2;
  if (signature.length === wanted) return signature;
  const rEnd = 4 + (signature[3] ?? 0);
  const s = P384_ORDER - BigInt(`0x${Buffer.from(signature.subarray(rEnd + 2)).toString('hex')}`);
  const digits = s.toString(16);
  const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
  const half = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
  const content = Buffer.concat([signature.subarray(2, rEnd), Buffer.of(2, half.length), half]);
  return content.length === wanted - 2 ? Buffer.concat([Buffer.of(0x30, content.length), content]) : undefined;
}

/** A sequence of two positive integers in their shortest form, and nothing else (X.690, DER). */
function requireStrictDer(signature: Uint8Array, size: number): void {
  const rLength = signature[3] ?? 0;
  const sLength = signature[5 + rLength] ?? 0;
  const sound =
    signature[0] === 0x30 &&
    signature[1] === signature.length - 2 &&
    signature.length === 6 + rLength + sLength &&
    signature[2] === 2 &&
    signature[4 + rLength] === 2 &&
    isPositive(signature.subarray(4, 4 + rLength), size) &&
    isPositive(signature.subarray(6 + rLength), size);
  if (!sound) throw notAuthentic();
}

function isPositive(integer: Uint8Array, size: number): boolean {
  const [first = 0x80, second = 0] = integer;
  if (first >= 0x80) return false;
  // A leading zero is there only where the sign bit would be set without it; this also rules out zero itself.
  return first === 0 ? second >= 0x80 && integer.length <= size + 1 : integer.length <= size;
}
