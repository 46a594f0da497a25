import { createPrivateKey, generateKeyPairSync, type KeyObject, randomFillSync } from 'node:crypto';
import { CliError } from '../errors.ts';
import { WRAPPING, type WrappingAlgorithm } from './wrapping.ts';

interface SecretKind {
  readonly bytes: number;
}
interface RsaKind {
  readonly modulus: number;
}
interface CurveKind {
  readonly curve: string;
}
type Kind = SecretKind | RsaKind | CurveKind;

/**
 * What the material of each key spec is: a secret key of so many bytes, or a private key as PKCS #8. Specs that are not here
 * take none.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-conceptual.html
 */
const KINDS: Readonly<Record<string, Kind>> = {
  SYMMETRIC_DEFAULT: { bytes: 32 },
  HMAC_224: { bytes: 28 },
  HMAC_256: { bytes: 32 },
  HMAC_384: { bytes: 48 },
  HMAC_512: { bytes: 64 },
  RSA_2048: { modulus: 2048 },
  RSA_3072: { modulus: 3072 },
  RSA_4096: { modulus: 4096 },
  ECC_NIST_P256: { curve: 'prime256v1' },
  ECC_NIST_P384: { curve: 'secp384r1' },
  ECC_NIST_P521: { curve: 'secp521r1' },
  ECC_SECG_P256K1: { curve: 'secp256k1' },
};

/** @throws {@link CliError} `REFUSED` for a spec that takes no material */
function kindOf(spec: string): Kind {
  const kind = Object.hasOwn(KINDS, spec) ? KINDS[spec] : undefined;
  if (kind === undefined) {
    throw new CliError(
      'REFUSED',
      `key spec ${spec} takes no material here; these do: ${Object.keys(KINDS).join(', ')}`,
    );
  }
  return kind;
}

/** The algorithms that may wrap material of a spec, the preferred one first. */
export function algorithmsFor(spec: string): readonly WrappingAlgorithm[] {
  const kind = kindOf(spec);
  const direct: WrappingAlgorithm[] = ['RSAES_OAEP_SHA_256', 'RSAES_OAEP_SHA_1'];
  const byAes: WrappingAlgorithm[] = ['RSA_AES_KEY_WRAP_SHA_256', 'RSA_AES_KEY_WRAP_SHA_1'];
  if ('bytes' in kind) return direct;
  return 'modulus' in kind ? byAes : [...byAes, ...direct];
}

/**
 * The algorithm that wraps material of a spec.
 * @throws {@link CliError} `USAGE` when the one that was asked for cannot
 */
export function algorithmFor(spec: string, asked: WrappingAlgorithm | undefined): WrappingAlgorithm {
  const allowed = algorithmsFor(spec);
  const chosen = asked ?? allowed[0];
  if (chosen === undefined || !allowed.includes(chosen)) {
    throw new CliError(
      'USAGE',
      `--wrapping-algorithm ${chosen} does not wrap material of key spec ${spec}; use one of ${allowed.join(', ')}, or leave it out`,
    );
  }
  return chosen;
}

/** New material of a spec, from the system's random source. Whoever gets it wipes it. */
export function generateMaterial(spec: string): Buffer {
  const kind = kindOf(spec);
  if ('bytes' in kind) return randomFillSync(Buffer.alloc(kind.bytes));
  const pair =
    'modulus' in kind
      ? generateKeyPairSync('rsa', { modulusLength: kind.modulus })
      : generateKeyPairSync('ec', { namedCurve: kind.curve });
  return der(pair.privateKey);
}

/**
 * The contents of a file as the material that KMS takes: secret keys are as they are, private keys become PKCS #8 in DER.
 * The contents are wiped when they are not the material itself.
 *
 * @param name - what errors call the file
 * @throws {@link CliError} `REFUSED`, which says what is expected and nothing of the contents
 */
export function readMaterial(spec: string, contents: Buffer, name: string): Buffer {
  const kind = kindOf(spec);
  if ('bytes' in kind) {
    if (contents.length === kind.bytes) return contents;
    const { length } = contents;
    contents.fill(0);
    const hint = length > kind.bytes ? '; it must be the bytes themselves, not text such as hex or base64' : '';
    throw new CliError(
      'REFUSED',
      `${name} has ${length} bytes, and material of key spec ${spec} has exactly ${kind.bytes}${hint}`,
    );
  }
  try {
    const key = privateKeyIn(contents);
    if (key !== undefined && isOfKind(key, kind)) return der(key);
  } finally {
    contents.fill(0);
  }
  const wanted = 'modulus' in kind ? `an RSA private key of ${kind.modulus} bits` : `a private key on ${kind.curve}`;
  throw new CliError(
    'REFUSED',
    `${name} is not what key spec ${spec} takes: ${wanted}, unencrypted, as PEM or PKCS #8 DER`,
  );
}

function privateKeyIn(contents: Buffer): KeyObject | undefined {
  try {
    return contents.includes('-----BEGIN')
      ? createPrivateKey({ key: contents, format: 'pem' })
      : createPrivateKey({ key: contents, format: 'der', type: 'pkcs8' });
  } catch {
    // What OpenSSL says about it may quote it.
    return undefined;
  }
}

function isOfKind(key: KeyObject, kind: RsaKind | CurveKind): boolean {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  return 'modulus' in kind
    ? key.asymmetricKeyType === 'rsa' && modulusLength === kind.modulus
    : key.asymmetricKeyType === 'ec' && namedCurve === kind.curve;
}

function der(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'pkcs8' });
}

/** Whether a wrapping key is long enough to wrap by RSA alone: OAEP takes the modulus less two hashes and two bytes. */
export function fits(length: number, modulusBytes: number, algorithm: WrappingAlgorithm): boolean {
  const { hashBytes, aes } = WRAPPING[algorithm];
  return aes || length <= modulusBytes - 2 * hashBytes - 2;
}
