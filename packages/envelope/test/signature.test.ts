import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { contextOf, PUBLIC_KEY_NAME } from '../src/context.ts';
import { FOOTER_LENGTH, footerOf, SIGNING, verifierOn } from '../src/signature.ts';

const CONTENT = Buffer.from('two boxes of chalk');
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });

/** A signature whose halves are both so short, or so long, that no replacement of s gives 103 bytes. */
function unfit(): Uint8Array {
  for (;;) {
    const signature = sign('sha384', CONTENT, privateKey);
    // r of 47 bytes and less: the two halves would have to differ by more than one byte.
    if ((signature[3] ?? 0) < 48) return signature;
  }
}

describe('the footer of a signed message', () => {
  test('has one length, whatever lengths signatures have', () => {
    const signatures = Array.from({ length: 300 }, () => sign('sha384', CONTENT, privateKey));
    expect(new Set(signatures.map(({ length }) => length)).size).toBeGreaterThan(1);
    for (const signature of signatures) {
      const again = Array.from({ length: 9 }, () => () => sign('sha384', CONTENT, privateKey));
      const footer = footerOf([() => signature, ...again]);
      expect(footer.length).toBe(FOOTER_LENGTH);
      expect(verify('sha384', CONTENT, publicKey, footer.subarray(2))).toBe(true);
    }
  });

  test('is valid, and says its own length, when no attempt could be brought to that length', () => {
    const signature = unfit();
    const footer = footerOf([() => signature]);
    expect(footer.length).toBeLessThan(FOOTER_LENGTH);
    expect(Buffer.from(footer).readUInt16BE(0)).toBe(footer.length - 2);
    expect(verify('sha384', CONTENT, publicKey, footer.subarray(2))).toBe(true);
  });

  test('asks for the next attempt only when it needs one', () => {
    let asked = 0;
    footerOf([
      unfit,
      () => {
        asked += 1;
        return sign('sha384', CONTENT, privateKey);
      },
    ]);
    expect(asked).toBe(1);
  });

  test('is that of messages of any length, at hand or in pieces', () => {
    const key = SIGNING.newKey();
    const verifier = verifierOn('P-384')(contextOf([[PUBLIC_KEY_NAME, key.publicKeyText]]));
    // Node signs no 2^31 bytes at once, so that long messages are hashed in parts of 16 MiB.
    const message = Buffer.alloc(16_777_217, CONTENT);
    const inPieces = key.inPieces();
    inPieces.update(message);
    for (const footer of [key.footerOf(message), inPieces.footer()]) {
      verifier.verify([message], footer);
      verifier.verify([message.subarray(0, 5), message.subarray(5)], footer);
      expect(verify('sha384', message, publicKeyIn(key.publicKeyText), footer.subarray(2))).toBe(true);
    }
    const footer = key.footerOf(message);
    message[16_777_216] = 0;
    expect(() => verifier.verify([message], footer)).toThrow(expect.objectContaining({ code: 'NOT_AUTHENTIC' }));
  });
});

/** The public key that a context carries. */
function publicKeyIn(text: string) {
  const spki = Buffer.from('3046301006072a8648ce3d020106052b81040022033200', 'hex');
  return createPublicKey({ key: Buffer.concat([spki, Buffer.from(text, 'base64')]), format: 'der', type: 'spki' });
}
