import { generateKeyPairSync } from 'node:crypto';
import { openEnvelope } from '../src/envelope.ts';
import { rawEcdhReading } from '../src/raw/ecdh.ts';
import { EVERYTHING, settingsFor } from './settings.ts';
import { settingsOfVector, VECTORS, withVectors } from './vectors.ts';

/* That messages of every curve are read is among the vectors; here is what must not be. */

withVectors('a data key that raw ECDH wrapped', () => {
  const [vector] = VECTORS.filter(
    ({ keyring, header }) =>
      keyring.type === 'raw-ecdh' && keyring.schema === 'public-key-discovery' && header?.suite === '0478',
  );
  // A body that is skipped is run all the same, to find its tests: without the vectors there is nothing to open then.
  const message = Buffer.from(vector?.ciphertextBase64 ?? '', 'base64');
  const wrapped = message.indexOf('raw-ecdh') + 'raw-ecdh'.length;
  let box: ReturnType<typeof openEnvelope>;
  let info = 0;
  let ciphertext = 0;
  beforeAll(() => {
    box = openEnvelope(settingsOfVector(vector as NonNullable<typeof vector>));
    info = message.readUInt16BE(wrapped);
    ciphertext = wrapped + 2 + info + 2;
  });

  test('is read as it was written', async () => {
    expect(Buffer.from(await box.decrypt(message, {})).toString('base64')).toBe(vector?.plaintextBase64);
  });

  test.each([
    ['salt', 0],
    ['commitment', 32],
    ['wrapped key', 64],
    ['tag', 64 + 32],
  ])('is refused with another %s', async (_part, offset) => {
    const at = ciphertext + offset;
    const altered = Buffer.from(message);
    altered[at] = (altered[at] ?? 0) ^ 1;
    await expect(box.decrypt(altered, {})).rejects.toMatchObject({ code: 'NOT_AUTHENTIC' });
  });

  test('is refused with a point that is on no curve, and with another version', async () => {
    const altered = Buffer.from(message);
    altered.fill(0xff, wrapped + 2 + info - 20, wrapped + 2 + info);
    await expect(box.decrypt(altered, {})).rejects.toMatchObject({ code: 'NOT_AUTHENTIC' });
    const versioned = Buffer.from(message);
    versioned[wrapped + 2] = 2;
    await expect(box.decrypt(versioned, {})).rejects.toMatchObject({ code: 'KEY_NOT_ALLOWED' });
  });

  test('is not read by a key that is on neither side', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const other = openEnvelope(settingsFor(rawEcdhReading({ privateKey }), { formats: EVERYTHING }));
    await expect(other.decrypt(message, {})).rejects.toMatchObject({ code: 'KEY_NOT_ALLOWED' });
  });
});

describe('a raw ECDH key', () => {
  test.each([
    ['no key', 'x'],
    ['RSA', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
    ['public', generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey],
    ['on another curve', generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey],
  ])('that is %s is refused', (_kind, privateKey) => {
    expect(() => rawEcdhReading({ privateKey })).toThrow(expect.objectContaining({ code: 'CONFIG' }));
  });

  test('does not write', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    const box = openEnvelope(settingsFor(rawEcdhReading({ privateKey })));
    await expect(box.encrypt('x', {})).rejects.toMatchObject({ code: 'CONFIG' });
  });
});
