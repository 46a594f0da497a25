// 4 MB in memory, suite 0x0478, in small frames and in our default ones, with memory of the caller's and without.

import { createCipheriv, randomBytes } from 'node:crypto';
import { bench } from '../../../bench/harness.ts';
import { CONTEXT, official, ours, primitives } from './peers.ts';

const plaintext = randomBytes(4 * 1024 * 1024);
const [key, iv] = [randomBytes(32), randomBytes(12)];
const into = new Uint8Array(plaintext.length + 65_536);

function oneCipherCall(): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const ciphertext = cipher.update(plaintext);
  cipher.final();
  return ciphertext;
}

const theirDefault = official({ frameLength: 4_096 });
const theirMessage = await theirDefault.encrypt(plaintext);

for (const frameLength of [4_096, 65_536]) {
  const [we, they] = [ours({ frameLength }), official({ frameLength })];
  const floor = primitives(plaintext, { frameLength });
  const message = await we.encrypt(plaintext, CONTEXT);
  const options = { baseline: 'keysmith', rounds: 9, roundMillis: 100 } as const;
  await bench(`encrypt 4 MB, 0478, frames of ${frameLength}`, {
    ...options,
    cases: {
      keysmith: () => we.encrypt(plaintext, CONTEXT),
      'keysmith, into memory of the caller': () => we.encrypt(plaintext, CONTEXT, { into }),
      'official client': () => they.encrypt(plaintext),
      'official client, its default frames': () => theirDefault.encrypt(plaintext),
      'primitives of the format': floor.encrypt,
      'one cipher call': oneCipherCall,
    },
  });
  await bench(`decrypt 4 MB, 0478, frames of ${frameLength}`, {
    ...options,
    cases: {
      keysmith: () => we.decrypt(message, CONTEXT),
      'keysmith, into memory of the caller': () => we.decrypt(message, CONTEXT, 'bytes', { into }),
      'official client': () => they.decrypt(message),
      'official client, its default frames': () => theirDefault.decrypt(theirMessage),
      'primitives of the format': floor.decrypt,
      'one cipher call': oneCipherCall,
    },
  });
}
