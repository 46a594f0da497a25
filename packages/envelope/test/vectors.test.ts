import { openEnvelope } from '../src/envelope.ts';
import { EnvelopeError } from '../src/errors.ts';
import { settingsOfVector, skipReason, VECTORS, type Vector, withVectors } from './vectors.ts';

/** Where a careful reader stops, and the codes that this one has for it. */
const CODES_OF_STAGE: Readonly<Record<string, readonly string[]>> = {
  parse: ['NOT_AUTHENTIC', 'NOT_A_MESSAGE', 'UNSUPPORTED_MESSAGE', 'LIMIT'],
  policy: ['LIMIT', 'UNSUPPORTED_MESSAGE'],
  cmm: ['CONTEXT_MISMATCH', 'CONTEXT_REQUIRED', 'NOT_AUTHENTIC', 'UNSUPPORTED_MESSAGE'],
  edk: ['KEY_NOT_ALLOWED', 'NOT_AUTHENTIC', 'CONTEXT_MISMATCH', 'KMS_ANSWER', 'KMS_FAILED'],
};

/** Messages that the specification leaves open: what is done with them here, and why. */
const DEBATABLE: Readonly<Record<string, string>> = {
  'pyoracle-': 'a wrapped data key with fields of zero length is read: other writers made such messages',
  'cr-edk-empty-fields-': 'as above: the wrapping, not the parser, says whether it can use the fields',
};

function openVector(vector: Vector): Promise<Uint8Array> {
  const message = Buffer.from(vector.ciphertextBase64, 'base64');
  return openEnvelope(settingsOfVector(vector)).decrypt(message, vector.reproducedEncryptionContext ?? {});
}

const decided = VECTORS.filter((vector) => skipReason(vector) === undefined);
// Signed messages are what the vector does not want read; the buffered reader, which releases nothing early, reads them.
const buffered = decided.filter(({ unsignedOnly }) => unsignedOnly !== true);

withVectors('every published and crafted message', () => {
  const mustDecrypt = buffered.filter(({ expect: expected }) => expected === 'success');
  const mustFail = buffered.filter(({ expect: expected }) => expected === 'failure');

  test('is decided, but for those of keyrings that are not read', () => {
    const skipped = VECTORS.map(skipReason).filter((reason) => reason !== undefined);
    const counts = Object.fromEntries(
      [...new Set(skipped)].map((reason) => [reason, skipped.filter((other) => other === reason).length]),
    );
    expect({ ...counts, decrypted: mustDecrypt.length, refused: mustFail.length }).toEqual({
      ...{ pkcs1: 98, 'aws-kms-hierarchy': 8 },
      ...{ decrypted: 907, refused: 785 },
    });
  });

  test('that is debatable is named in the table', () => {
    const debatable = VECTORS.filter((vector) => (vector as { strictness?: string }).strictness === 'debatable');
    expect(debatable.length).toBe(11);
    for (const { id } of debatable) expect(Object.keys(DEBATABLE).some((prefix) => id.startsWith(prefix))).toBe(true);
  });

  test.each(mustDecrypt)('$id decrypts', async (vector) => {
    const plaintext = await openVector(vector);
    expect(Buffer.from(plaintext).toString('base64')).toBe(vector.plaintextBase64);
  });

  test.each(mustFail)('$id is refused', async (vector) => {
    const error = await openVector(vector).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(EnvelopeError);
    expect(CODES_OF_STAGE[vector.stage ?? 'parse'] ?? ['NOT_AUTHENTIC']).toContain((error as EnvelopeError).code);
  });
});
