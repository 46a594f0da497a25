// Runs one bundled handler as Lambda would: its code folder, its handler name, its environment, one event on standard
// input, one JSON answer on standard output. Errors are answered as Lambda answers them, by type and message.

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const [codeFolder, handlerName] = process.argv.slice(2);
const [file, exported] = handlerName.split('.');

try {
  const handler = createRequire(import.meta.url)(join(codeFolder, file))[exported];
  const result = await handler(JSON.parse(await text(process.stdin)));
  process.stdout.write(JSON.stringify({ result }));
} catch (error) {
  process.stdout.write(JSON.stringify({ errorType: error.name, errorCode: error.code, errorMessage: error.message }));
}
