import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hash, randomBytes } from 'node:crypto';

// What no KMS can leave out of a call, whatever else it does: the two hashes and the MAC of the signature, JSON in and out,
// AES-GCM under the KMS key. Nothing is checked, looked up, kept or told here.

const kmsKey = createSecretKey(randomBytes(32));
const signingKey = createSecretKey(randomBytes(32));
const AAD = Buffer.alloc(150, 1);

export function sealed(plaintext: Uint8Array): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', kmsKey, nonce).setAAD(AAD);
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

export function opened(blob: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', kmsKey, blob.subarray(0, 12));
  const plaintext = decipher.setAAD(AAD).setAuthTag(blob.subarray(-16)).update(blob.subarray(12, -16));
  decipher.final();
  return plaintext;
}

const kept = sealed(randomBytes(32));

/** The signature of a request, of which the headers and the text to sign have the lengths that they have in life. */
function signed(body: Uint8Array): string {
  const canonical = hash('sha256', `${HEADERS}\n${hash('sha256', body, 'hex')}`, 'hex');
  return createHmac('sha256', signingKey).update(`${TEXT}\n${canonical}`).digest('hex');
}

const HEADERS = 'h'.repeat(400);
const TEXT = 't'.repeat(70);

/** A body as the local KMS gets it, and the body that it answers with. */
export function floor(operation: 'GenerateDataKey' | 'Decrypt', body: Uint8Array): string {
  const KeyMaterialId = signed(body);
  const { KeyId = KeyMaterialId } = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.length).toString());
  if (operation === 'Decrypt') {
    return JSON.stringify({ KeyId, KeyMaterialId, Plaintext: opened(kept).toString('base64') });
  }
  const key = randomBytes(32);
  const CiphertextBlob = sealed(key).toString('base64');
  return JSON.stringify({ CiphertextBlob, KeyId, KeyMaterialId, Plaintext: key.toString('base64') });
}
