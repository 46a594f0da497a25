// Small messages: where the glue around the primitives shows. Both suites that are written, data keys cached and not.

import { randomBytes } from 'node:crypto';
import { bench } from '../../../bench/harness.ts';
import { byHand, CONTEXT, official, ours, primitives } from './peers.ts';

for (const signed of [false, true]) {
  for (const bytes of [64, 1_024]) {
    const plaintext = randomBytes(bytes);
    const sealed = byHand.encrypt(plaintext);
    for (const cached of [true, false]) {
      const [we, they] = [ours({ cached, signed }), official({ cached, signed })];
      const floor = primitives(plaintext, { cached, signed });
      const message = await we.encrypt(plaintext, CONTEXT);
      const theirs = await they.encrypt(plaintext);
      const how = `${bytes} bytes, ${signed ? '0578' : '0478'}, data key ${cached ? 'cached' : 'fetched'}`;
      // Who does not read the other's message does something else.
      if (!(await they.decrypt(message)).equals(plaintext)) throw new Error('the official client reads something else');
      if (!Buffer.from(await we.decrypt(theirs, CONTEXT)).equals(plaintext)) throw new Error('we read something else');
      await bench(`encrypt ${how}`, {
        baseline: 'keysmith',
        cases: {
          keysmith: () => we.encrypt(plaintext, CONTEXT),
          'official client': () => they.encrypt(plaintext),
          'primitives of the format': floor.encrypt,
          'AES-GCM by hand, no format': () => byHand.encrypt(plaintext),
        },
      });
      await bench(`decrypt ${how}`, {
        baseline: 'keysmith',
        cases: {
          keysmith: () => we.decrypt(message, CONTEXT),
          'official client': () => they.decrypt(message),
          'primitives of the format': floor.decrypt,
          'AES-GCM by hand, no format': () => byHand.decrypt(sealed),
        },
      });
    }
  }
}
