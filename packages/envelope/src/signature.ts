import {
  createPublicKey,
  createSign,
  createVerify,
  generateKeyPairSync,
  type KeyObject,
  type Sign,
  type Verify,
} from 'node:crypto';
import { Reader } from './bytes.ts';
import { type EncryptionContext, PUBLIC_KEY_NAME } from './context.ts';
import { notAuthentic } from './errors.ts';
import type { Signing, SigningKey, Suite, Verifier } from './suite.ts';

/** What a curve is called, how long its numbers are, and how a public key on it begins as SubjectPublicKeyInfo. */
interface Curve {
  readonly hash: 'sha256' | 'sha384';
  /** Bytes of a coordinate, and of each half of a signature. */
  readonly size: number;
  /** DER of everything before a compressed point (RFC 5480). */
  readonly spki: Buffer;
}

const CURVES = {
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
} as const satisfies Record<string, Curve>;

/** Bytes of the footer that is written. */
export const FOOTER_LENGTH = 2 + 103;

/** How messages are signed: with P-384, since nothing else is written. */
export const SIGNING: Signing = {
  newKey() {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    return signingKey(privateKey, publicKeyText(publicKey));
  },
  footerLength: FOOTER_LENGTH,
};

/** The public key as the context carries it: base64 of the compressed point. */
function publicKeyText(publicKey: KeyObject): string {
  const { size } = CURVES['P-384'];
  // By SPKI, whose end is the point 04 | x | y: exporting to JWK can hang on Node 20.
  const point = publicKey.export({ type: 'spki', format: 'der' }).subarray(-2 * size);
  const parity = 2 + ((point.at(-1) ?? 0) & 1);
  return Buffer.concat([Buffer.of(parity), point.subarray(0, size)]).toString('base64');
}

/**
 * One signature in 128 cannot be brought to the length that a message's size counts on, and is made again. A `Sign` signs
 * once, and the content is gone by then: so there are three of them, of which the second is needed seldom and the third
 * hardly ever. What is left, one message in two million, has a valid signature that is shorter than announced.
 */
const SIGNATURES_IN_PIECES = 3;

function signingKey(privateKey: KeyObject, publicKeyText: string): SigningKey {
  return {
    publicKeyText,
    // The content is at hand, so that it can be signed until the footer has its length: nearly always the first time.
    footerOf: (signed) => footerOf(withoutEnd(() => updated(createSign('sha384'), signed).sign(privateKey))),
    inPieces() {
      const signs = Array.from({ length: SIGNATURES_IN_PIECES }, () => createSign('sha384'));
      return {
        update: (piece) => {
          for (const one of signs) one.update(piece);
        },
        footer: () => footerOf(signs.map((one) => () => one.sign(privateKey))),
      };
    },
  };
}

/** Most bytes that are hashed at once: of 2^31 and more, Node signs and verifies none. */
const AT_ONCE = 16_777_216;

/** Gives bytes to what signs or verifies, whatever their number. */
function updated<S extends Sign | Verify>(signing: S, bytes: Uint8Array): S {
  for (let at = 0; at < bytes.length; at += AT_ONCE) signing.update(bytes.subarray(at, at + AT_ONCE));
  return signing;
}

function* withoutEnd<T>(item: T): Generator<T> {
  for (;;) yield item;
}

/** Verifies messages whose context names a public key on this curve. */
export function verifierOn(name: keyof typeof CURVES): NonNullable<Suite['verifierOf']> {
  const curve: Curve = CURVES[name];
  return (context) => {
    const publicKey = publicKeyOf(curve, context);
    const require = (holds: boolean): void => {
      if (!holds) throw notAuthentic();
    };
    const inPieces: Verifier['inPieces'] = () => {
      const verification = createVerify(curve.hash);
      return {
        update: (piece) => {
          updated(verification, piece);
        },
        verify: (footer) => require(verification.verify(publicKey, signatureIn(footer, curve))),
      };
    };
    return {
      inPieces,
      verify(signed, footer) {
        const verification = inPieces();
        for (const piece of signed) verification.update(piece);
        verification.verify(footer);
      },
    };
  };
}

function publicKeyOf({ size, spki }: Curve, context: EncryptionContext): KeyObject {
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

/** The signature in a footer, which is the end of a message: one strictly encoded signature and nothing else. */
function signatureIn(footer: Uint8Array, { size }: Curve): Uint8Array {
  const reader = new Reader(footer);
  const signature = reader.field();
  if (reader.remaining !== 0) throw notAuthentic();
  requireStrictDer(signature, size);
  return signature;
}

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
