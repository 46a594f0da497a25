import { constants, createHash, createPublicKey, privateEncrypt, publicDecrypt, sign, verify } from 'node:crypto';
import { currentRandom } from '../random.ts';
import { encodePss, isPssOf } from './pss.ts';
import { holds, type Scheme, type SigningKey } from './scheme.ts';

const { RSA_NO_PADDING, RSA_PKCS1_PADDING, RSA_PKCS1_PSS_PADDING, RSA_PSS_SALTLEN_DIGEST } = constants;

/** A hash, its length, and the beginning of its DigestInfo: RFC 8017, section 9.2. */
export interface RsaHash {
  readonly name: string;
  readonly bytes: number;
  readonly digestInfo: string;
}

/** RSASSA-PKCS1-v1_5. */
export function pkcs1(hash: RsaHash): Scheme {
  const info = (digest: Uint8Array) => Buffer.concat([Buffer.from(hash.digestInfo, 'hex'), digest]);
  return {
    RAW: {
      sign: ({ secret }, message) => sign(hash.name, message, { key: secret, padding: RSA_PKCS1_PADDING }),
      verify: (key, message, signature) =>
        whole(key, signature, () =>
          verify(hash.name, message, { key: key.secret, padding: RSA_PKCS1_PADDING }, signature),
        ),
    },
    DIGEST: {
      bytes: hash.bytes,
      sign: ({ secret }, digest) => privateEncrypt({ key: secret, padding: RSA_PKCS1_PADDING }, info(digest)),
      verify: (key, digest, signature) =>
        whole(key, signature, () => opened(key, RSA_PKCS1_PADDING, signature).equals(info(digest))),
    },
  };
}

/** RSASSA-PSS with MGF1 of the same hash and a salt as long as the hash. */
export function pss(hash: RsaHash): Scheme {
  const signDigest = (key: SigningKey, digest: Uint8Array) =>
    privateEncrypt({ key: key.secret, padding: RSA_NO_PADDING }, encodePss(hash, digest, modulusBytes(key)));
  const parameters = { padding: RSA_PKCS1_PSS_PADDING, saltLength: RSA_PSS_SALTLEN_DIGEST };
  return {
    RAW: {
      // node:crypto takes its salt from no other generator.
      sign: (key, message) =>
        currentRandom().seeded
          ? signDigest(key, createHash(hash.name).update(message).digest())
          : sign(hash.name, message, { key: key.secret, ...parameters }),
      verify: (key, message, signature) =>
        whole(key, signature, () => verify(hash.name, message, { key: key.secret, ...parameters }, signature)),
    },
    // node:crypto signs no digest under PSS: it is encoded here, and the key does the rest.
    DIGEST: {
      bytes: hash.bytes,
      sign: signDigest,
      verify: (key, digest, signature) =>
        whole(key, signature, () => isPssOf(hash, digest, opened(key, RSA_NO_PADDING, signature))),
    },
  };
}

/** What is in a signature. */
const opened = ({ secret }: SigningKey, padding: number, signature: Uint8Array): Buffer =>
  publicDecrypt({ key: createPublicKey(secret), padding }, signature);

/**
 * A signature has the length of the modulus: RFC 8017, section 8.1.2, step 1. OpenSSL takes a shorter one for one that
 * begins with zeros.
 */
function whole(key: SigningKey, signature: Uint8Array, verify: () => boolean): boolean {
  return signature.length === modulusBytes(key) && holds(verify);
}

const modulusBytes = ({ secret }: SigningKey) => (secret.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
