import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { randomBytes } from '../crypto/random.ts';
import { isObject } from '../wire/json.ts';
import { WRAPPING_ALGORITHMS, type WrappingAlgorithm } from './import-kinds.ts';
import { WRAPPING_KEY_BITS, type WrappingKeySpec } from './wrapping-keys.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What an import token says: for which key it is, how the material is wrapped, until when. */
export interface ImportToken {
  readonly keyArn: string;
  readonly algorithm: WrappingAlgorithm;
  readonly wrappingKeySpec: WrappingKeySpec;
  readonly validTo: Date;
}

/**
 * A token that carries everything itself, sealed: the server keeps nothing for a request that may never come, however many
 * tokens are asked for.
 */
export function sealToken(sealingKey: KeyObject, { validTo, ...token }: ImportToken): Uint8Array {
  const plaintext = JSON.stringify({ ...token, validTo: validTo.getTime() });
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', sealingKey, nonce, { authTagLength: TAG_BYTES });
  const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
  return new Uint8Array(Buffer.concat([nonce, body, cipher.getAuthTag()]));
}

/** What a token says; undefined for one that this server did not issue. */
export function openToken(sealingKey: KeyObject, bytes: Uint8Array): ImportToken | undefined {
  if (bytes.length <= NONCE_BYTES + TAG_BYTES) return undefined;
  const nonce = bytes.subarray(0, NONCE_BYTES);
  try {
    const decipher = createDecipheriv('aes-256-gcm', sealingKey, nonce, { authTagLength: TAG_BYTES });
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const body = bytes.subarray(NONCE_BYTES, -TAG_BYTES);
    return readToken(JSON.parse(Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')));
  } catch {
    return undefined;
  }
}

function readToken(json: unknown): ImportToken | undefined {
  if (!isObject(json)) return undefined;
  const { keyArn, validTo } = json;
  const algorithm = WRAPPING_ALGORITHMS.find((one) => one === json['algorithm']);
  const specs = Object.keys(WRAPPING_KEY_BITS) as WrappingKeySpec[];
  const wrappingKeySpec = specs.find((one) => one === json['wrappingKeySpec']);
  if (typeof keyArn !== 'string' || typeof validTo !== 'number') return undefined;
  if (algorithm === undefined || wrappingKeySpec === undefined) return undefined;
  return { keyArn, algorithm, wrappingKeySpec, validTo: new Date(validTo) };
}
