import {
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  diffieHellman,
  KeyObject,
  timingSafeEqual,
} from 'node:crypto';
import { Reader } from '../bytes.ts';
import { serializeContext } from '../context.ts';
import { EnvelopeError } from '../errors.ts';
import { IV_LENGTH, TAG_LENGTH } from '../suite.ts';
import type { DataKeyWrapping } from '../wrapping.ts';

/** One half of a key agreement. */
export interface RawEcdhOptions {
  /** Private key on NIST P-256, P-384 or P-521, as KeyObject or PEM: of the recipient or of the sender. */
  readonly privateKey: KeyObject | string;
}

/** A curve: what the specification and Node call it, bytes of a coordinate, and how a compressed public key begins. */
interface Curve {
  readonly name: string;
  readonly size: number;
  readonly spki: Buffer;
}

/** By what Node calls them. The bytes are DER of everything before a compressed point (RFC 5480). */
const CURVES: ReadonlyMap<string | undefined, Curve> = new Map([
  ['prime256v1', curve('p256', 32, '3039301306072a8648ce3d020106082a8648ce3d030107032200')],
  ['secp384r1', curve('p384', 48, '3046301006072a8648ce3d020106052b81040022033200')],
  ['secp521r1', curve('p521', 66, '3058301006072a8648ce3d020106052b81040023034400')],
]);

function curve(name: string, size: number, spki: string): Curve {
  return { name, size, spki: Buffer.from(spki, 'hex') };
}

const PROVIDER_ID = 'raw-ecdh';
const VERSION = 1;
const SALT_LENGTH = 32;
const COMMITMENT_LENGTH = 32;
const KEY_LENGTH = 32;

/**
 * Reads data keys that a raw ECDH keyring of an AWS Encryption SDK wrapped, on either side of the agreement. Nothing is
 * written so: KMS does it better.
 * @throws EnvelopeError `CONFIG` for a key of another kind
 * @see AWS Encryption SDK specification, framework/raw-ecdh-keyring.md
 */
export function rawEcdhReading({ privateKey: given }: RawEcdhOptions): DataKeyWrapping {
  const { privateKey, own, curve } = keyOf(given);
  return {
    async wrapDataKey() {
      throw new EnvelopeError('CONFIG', 'raw ECDH keys read only');
    },
    async unwrapDataKey({ encryptedDataKeys, context, dataKeyLength }) {
      let tried = 0;
      for (const { providerId, providerInfo, ciphertext } of encryptedDataKeys) {
        const pair = providerId === PROVIDER_ID ? pairOf(providerInfo) : undefined;
        const other = pair && (own.equals(pair.recipient) ? pair.sender : pair.recipient);
        if (pair === undefined || other === undefined || !(own.equals(pair.recipient) || own.equals(pair.sender)))
          continue;
        tried += 1;
        const dataKey = unwrapped(privateKey, curve, pair, other, serializeContext(context), ciphertext);
        if (dataKey?.length === dataKeyLength) return dataKey;
        dataKey?.fill(0);
      }
      throw tried === 0
        ? new EnvelopeError('KEY_NOT_ALLOWED', 'the data key of the message is not wrapped for this raw ECDH key')
        : new EnvelopeError('NOT_AUTHENTIC', 'no data key of the message can be unwrapped by this raw ECDH key');
    },
  };
}

/** Both public keys of an agreement, as compressed points. */
interface Pair {
  readonly recipient: Uint8Array;
  readonly sender: Uint8Array;
}

/** Version, then both points with their lengths in 32 bits. */
function pairOf(providerInfo: Uint8Array): Pair | undefined {
  try {
    const reader = new Reader(providerInfo);
    const version = reader.uint(1);
    const pair = { recipient: reader.bytes(reader.uint(4)), sender: reader.bytes(reader.uint(4)) };
    return version === VERSION && reader.remaining === 0 ? pair : undefined;
  } catch {
    return undefined;
  }
}

/** Salt, commitment, the wrapped data key and its tag. `undefined`: not wrapped so. */
function unwrapped(
  privateKey: KeyObject,
  { name, spki }: Curve,
  { sender, recipient }: Pair,
  other: Uint8Array,
  context: Uint8Array,
  ciphertext: Uint8Array,
): Uint8Array | undefined {
  const start = SALT_LENGTH + COMMITMENT_LENGTH;
  if (ciphertext.length < start + TAG_LENGTH) return undefined;
  const info = Buffer.concat([
    Buffer.from(`ecdh-key-derivation\0${name}\0HMAC_SHA384\0`),
    sender,
    recipient,
    Buffer.of(0, VERSION, 0),
    context,
  ]);
  const salt = ciphertext.subarray(0, SALT_LENGTH);
  let derived: Buffer;
  try {
    const publicKey = createPublicKey({ key: Buffer.concat([spki, other]), format: 'der', type: 'spki' });
    derived = counterKdf(diffieHellman({ privateKey, publicKey }), info, salt);
  } catch {
    // No point of the curve.
    return undefined;
  }
  const key = createSecretKey(derived.subarray(COMMITMENT_LENGTH));
  const commits = timingSafeEqual(derived.subarray(0, COMMITMENT_LENGTH), ciphertext.subarray(SALT_LENGTH, start));
  derived.fill(0);
  if (!commits) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.alloc(IV_LENGTH), { authTagLength: TAG_LENGTH });
  decipher.setAAD(info).setAuthTag(ciphertext.subarray(-TAG_LENGTH));
  const dataKey = decipher.update(ciphertext.subarray(start, -TAG_LENGTH));
  try {
    decipher.final();
    return dataKey;
  } catch {
    dataKey.fill(0);
    return undefined;
  }
}

/** The key derivation function in counter mode of NIST SP 800-108, with HMAC-SHA-384. Wipes the secret. */
function counterKdf(secret: Buffer, label: Uint8Array, context: Uint8Array): Buffer {
  const key = createSecretKey(secret);
  secret.fill(0);
  const length = COMMITMENT_LENGTH + KEY_LENGTH;
  const blocks = [1, 2].map((counter) =>
    createHmac('sha384', key)
      .update(Buffer.of(0, 0, 0, counter))
      .update(label)
      .update(Buffer.of(0))
      .update(context)
      .update(Buffer.of(0, 0, (length * 8) >> 8, (length * 8) & 0xff))
      .digest(),
  );
  const derived = Buffer.concat(blocks);
  for (const block of blocks) block.fill(0);
  return derived.subarray(0, length);
}

function keyOf(given: KeyObject | string): { privateKey: KeyObject; own: Buffer; curve: Curve } {
  let privateKey: KeyObject | undefined;
  try {
    privateKey = given instanceof KeyObject ? given : createPrivateKey(given);
  } catch {
    // Without a cause: what the parser says may quote the key.
  }
  const curve = CURVES.get(privateKey?.asymmetricKeyDetails?.namedCurve);
  if (privateKey?.type !== 'private' || curve === undefined) {
    throw new EnvelopeError('CONFIG', 'raw key: privateKey is no private key on P-256, P-384 or P-521');
  }
  const point = createPublicKey(privateKey)
    .export({ type: 'spki', format: 'der' })
    .subarray(-2 * curve.size);
  const own = Buffer.concat([Buffer.of(2 + ((point.at(-1) ?? 0) & 1)), point.subarray(0, curve.size)]);
  return { privateKey, own, curve };
}
