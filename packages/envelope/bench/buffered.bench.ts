// 4 MB in memory, suite 0x0478, in small frames and in our default ones.

import { createCipheriv, randomBytes } from 'node:crypto';
import { bench } from '../../../bench/harness.ts';
import { CONTEXT, official, ours, primitives } from './peers.ts';

const plaintext = randomBytes(4 * 1024 * 1024);
const [key, iv] = [randomBytes(32), randomBytes(12)];

function oneCipherCall(): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const ciphertext = cipher.update(plaintext);
  cipher.final();
  return ciphertext;
}

for (const frameLength of [4_096, 65_536]) {
  const [we, they] = [ours(true, frameLength), official(true, frameLength)];
  const theirDefault = official(true, 4_096);
  const floor = primitives(plaintext, frameLength);
  const message = await we.encrypt(plaintext, CONTEXT);
  await bench(`encrypt 4 MB, 0478, frames of ${frameLength}`, {
    baseline: 'keysmith',
    rounds: 9,
    roundMillis: 100,
    cases: {
      keysmith: () => we.encrypt(plaintext, CONTEXT),
      'official client': () => they.encrypt(plaintext),
      'official client, its default frames': () => theirDefault.encrypt(plaintext),
      'primitives of the format': floor.encrypt,
      'one cipher call': oneCipherCall,
    },
  });
  await bench(`decrypt 4 MB, 0478, frames of ${frameLength}`, {
    baseline: 'keysmith',
    rounds: 9,
    roundMillis: 100,
    cases: {
      keysmith: () => we.decrypt(message, CONTEXT),
      'official client': () => they.decrypt(message),
      'primitives of the format': floor.decrypt,
    },
  });
}
