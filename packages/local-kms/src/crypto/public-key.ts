import { createPublicKey, type KeyObject } from 'node:crypto';
import type { KeySpec } from '../state/key-specs.ts';
import { der, derContent } from './der.ts';
import { ML_DSA, ML_KEM } from './post-quantum.ts';
import { withBytes } from './seeds.ts';

/** OBJECT IDENTIFIERs of NIST's post-quantum algorithms. @see https://www.rfc-editor.org/rfc/rfc9881 and rfc9935 */
const OIDS: Readonly<Partial<Record<KeySpec, string>>> = {
  ML_DSA_44: '0609608648016503040311',
  ML_DSA_65: '0609608648016503040312',
  ML_DSA_87: '0609608648016503040313',
  ML_KEM_512: '0609608648016503040401',
  ML_KEM_768: '0609608648016503040402',
  ML_KEM_1024: '0609608648016503040403',
};

/** The public key of a private key or seed: a SubjectPublicKeyInfo in DER, as GetPublicKey gives it. */
export function publicKeyDer(spec: KeySpec, secret: KeyObject): Uint8Array {
  const oid = OIDS[spec];
  if (oid === undefined) return new Uint8Array(createPublicKey(secret).export({ format: 'der', type: 'spki' }));
  const algorithm = der(0x30, Buffer.from(oid, 'hex'));
  return new Uint8Array(der(0x30, algorithm, der(0x03, Uint8Array.of(0), rawPublicKey(spec, secret))));
}

/** Its private key: PKCS #8 in DER, for ML-KEM in the form that holds the seed alone (RFC 9935, section 6). */
export function privateKeyDer(spec: KeySpec, secret: KeyObject): Uint8Array {
  const oid = OIDS[spec];
  if (oid === undefined) return new Uint8Array(secret.export({ format: 'der', type: 'pkcs8' }));
  return withBytes(secret, (seed) => {
    const key = der(0x04, der(0x80, seed));
    const pkcs8 = new Uint8Array(der(0x30, der(0x02, Uint8Array.of(0)), der(0x30, Buffer.from(oid, 'hex')), key));
    key.fill(0);
    return pkcs8;
  });
}

function rawPublicKey(spec: KeySpec, secret: KeyObject): Uint8Array {
  const kem = ML_KEM.get(spec);
  const pair = withBytes(secret, (seed) => (kem ?? ML_DSA.get(spec))?.keygen(seed));
  if (pair === undefined) throw new TypeError(`${spec} is no post-quantum key spec`);
  pair.secretKey.fill(0);
  return pair.publicKey;
}

/** A public key of another party, as sent; undefined where it is none that can be read, or something follows it. */
export function readPublicKey(bytes: Uint8Array): KeyObject | undefined {
  if (derContent(0x30, bytes) === undefined) return undefined;
  try {
    return createPublicKey({ key: Buffer.from(bytes), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}
