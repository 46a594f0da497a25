import { openEnvelope } from '../src/envelope.ts';
import { rawAesWrapping } from '../src/raw/aes.ts';
import { released } from '../src/released.ts';
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
});
