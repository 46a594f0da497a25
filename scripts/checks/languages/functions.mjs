// A function in another language that reads the very environment value which the construct gives it: its messages are
// ours, and ours are its, under the same context and the same permission.

import { PLAIN } from './contexts.mjs';
import { mustBe, mustBeRefused, mustGive } from './judge.mjs';

const ORDER = Buffer.from('two boxes of chalk');

/** @param can what the program of the language can do */
export async function functions({ ours }, can) {
  if (!can.contract) {
    return [];
  }
  const box = ours();
  const message = Buffer.from(await box.encrypt(ORDER, PLAIN)).toString('base64');
  const open = { operation: 'envelope open', message, context: PLAIN };
  const seal = { operation: 'envelope seal', plaintext: ORDER.toString('base64'), context: PLAIN };
  return [
    { name: 'a function opens', request: open, judge: (answer) => mustBe({ plaintext: seal.plaintext }, answer) },
    {
      name: 'a function seals',
      request: seal,
      async *judge(answer) {
        yield* mustBe({}, answer);
        if (!answer.error) {
          const sealed = Buffer.from(answer.message, 'base64');
          yield* mustGive(ORDER, 'our envelope', () => box.decrypt(sealed, PLAIN));
        }
      },
    },
    refused('another tenant', { ...open, context: { tenant: 'globex' } }),
    refused('no tenant, to open', { ...open, context: {} }),
    refused('no tenant, to seal', { ...seal, context: {} }),
  ];
}

function refused(what, request) {
  return { name: `a function refuses ${what}`, request, judge: (answer) => mustBeRefused(answer) };
}
