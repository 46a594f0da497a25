import { decryptor, decryptStream, envelope, rawAesWrapping, signedMessages } from '../src/index.ts';

const wrapping = rawAesWrapping({ keyNamespace: 'orders', keyName: 'first', key: Buffer.alloc(32, 1) });
const declaration = { wrapping, context: {}, requiredContext: [] } as const;
const both = { ...declaration, direction: 'both' } as const;
const tenant = { tenant: 'a' };
const REFUSED = {
  code: 'UNSUPPORTED_MESSAGE',
  message: expect.stringContaining('algorithm suite 0x0478 is none of the signed ones'),
};

let unsigned: Uint8Array;
let signed: Uint8Array;
beforeAll(async () => {
  unsigned = await envelope('Plain', both).encrypt('chalk', tenant);
  signed = await envelope('Signed', { ...both, writes: signedMessages }).encrypt('chalk', tenant);
});

describe('an envelope that requires signatures', () => {
  test('reads what it writes, and no unsigned message', async () => {
    const box = envelope('Strict', { ...both, writes: signedMessages, requireSignature: true });
    expect(await box.decrypt(await box.encrypt('chalk', tenant), tenant, 'text')).toBe('chalk');
    await expect(box.decrypt(unsigned, tenant)).rejects.toMatchObject(REFUSED);
  });

  test('refuses unsigned messages before a data key is asked for, in streams too', async () => {
    const asking = {
      ...wrapping,
      unwrapDataKey: () => {
        throw new Error('asked');
      },
    };
    const options = { ...declaration, wrapping: asking, direction: 'decrypt', reads: [signedMessages] } as const;
    const box = decryptor('Strict', { ...options, requireSignature: true });
    await expect(box.decrypt(unsigned, tenant)).rejects.toMatchObject(REFUSED);
    const stream = new Blob([unsigned]).stream().pipeThrough(decryptStream(box, tenant));
    await expect(new Response(stream).arrayBuffer()).rejects.toMatchObject(REFUSED);
    await expect(box.decrypt(signed, tenant)).rejects.toThrow('asked');
  });

  test('has to read signed messages, and to write them where it writes', () => {
    const reading = { ...declaration, direction: 'decrypt', requireSignature: true } as const;
    const problem = { code: 'CONFIG', message: expect.stringContaining('requireSignature needs') };
    expect(() => decryptor('Strict', reading)).toThrow(expect.objectContaining(problem));
    const writing = { ...both, requireSignature: true, reads: [signedMessages] };
    expect(() => envelope('Strict', writing)).toThrow(expect.objectContaining(problem));
    expect(() => envelope('Strict', { ...both, requireSignature: 'yes' as never })).toThrow('true or false');
  });

  test('is no other envelope when it is told not to', async () => {
    const box = envelope('Lax', { ...both, writes: signedMessages, requireSignature: false });
    expect(await box.decrypt(unsigned, tenant, 'text')).toBe('chalk');
  });
});

describe('the bytes of a text', () => {
  const { allocUnsafeSlow } = Buffer;
  afterEach(() => {
    Buffer.allocUnsafeSlow = allocUnsafeSlow;
  });

  test.each([
    ['encrypted', {}],
    ['refused', { into: new Uint8Array(1) }],
  ])('are wiped once it is %s', async (_, options) => {
    const text = 'a text that no other memory of this test holds';
    const written: Buffer[] = [];
    Buffer.allocUnsafeSlow = (size) => {
      const memory = allocUnsafeSlow(size);
      if (size === text.length) written.push(memory);
      return memory;
    };
    await envelope('Plain', both)
      .encrypt(text, tenant, options)
      .catch(() => undefined);
    expect(written.map((memory) => memory.every((byte) => byte === 0))).toEqual([true]);
  });
});
