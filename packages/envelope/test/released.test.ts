import { openEnvelope } from '../src/envelope.ts';
import { rawAesWrapping } from '../src/raw/aes.ts';
import { released } from '../src/released.ts';
import { encryptStream } from '../src/stream/encrypt.ts';
import { settingsFor } from './settings.ts';

describe('memory that is given back', () => {
  test('is free at once', () => {
    const bytes = Buffer.allocUnsafeSlow(1_000_000);
    const before = process.memoryUsage().arrayBuffers;
    released(bytes);
    expect(bytes.length).toBe(0);
    expect(process.memoryUsage().arrayBuffers).toBe(before - 1_000_000);
  });

  test('is all of it, or none', () => {
    const whole = Buffer.allocUnsafeSlow(100).fill(7);
    released(whole.subarray(10, 20));
    expect(whole.every((byte) => byte === 7)).toBe(true);
    expect(whole.length).toBe(100);
  });

  test('is none that a large message still needs', async () => {
    const wrapping = rawAesWrapping({ keyNamespace: 'orders', keyName: 'first', key: Buffer.alloc(32, 1) });
    const box = openEnvelope(settingsFor(wrapping, { frameLength: 4_194_304 }));
    const plaintext = Buffer.alloc(18_000_000, 'chalk');
    const message = await box.encrypt(plaintext, { tenant: 'a' });
    const opened = await box.decrypt(message, { tenant: 'a' });
    expect(plaintext.equals(opened)).toBe(true);
  });

  test('is not that of an empty final frame, which a message has that came in whole frames', async () => {
    const wrapping = rawAesWrapping({ keyNamespace: 'orders', keyName: 'first', key: Buffer.alloc(32, 1) });
    const box = openEnvelope(settingsFor(wrapping, { frameLength: 4_194_304 }));
    const plaintext = Buffer.alloc(16_777_216, 'chalk');
    const pieces: Uint8Array[] = [];
    const through = encryptStream(box, { tenant: 'a' });
    for await (const piece of ReadableStream.from([plaintext]).pipeThrough(through)) pieces.push(piece);
    const message = Buffer.concat(pieces);
    for (let time = 0; time < 2; time += 1) {
      expect(plaintext.equals(await box.decrypt(message, { tenant: 'a' }))).toBe(true);
    }
  });
});
