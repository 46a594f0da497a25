// A server in a process of its own: one that does nothing or the least, or the local KMS. It tells how to call it, and then
// what CPU time it took.

import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startLocalKms } from '@cdk-keysmith/local-kms';
import { floor } from './floor.ts';

const [kind, app] = process.argv.slice(2);

const LISTENERS: Readonly<Record<string, RequestListener>> = {
  empty: (_, response) => response.end(),
  // What no KMS can leave out.
  floor(request, response) {
    request.on('data', (body: Buffer) => {
      const operation = request.headers['x-amz-target'] === 'TrentService.Decrypt' ? 'Decrypt' : 'GenerateDataKey';
      const text = floor(operation, body);
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1', 'content-length': text.length });
      response.end(text);
    });
  },
};

if (app === undefined) {
  const server = createServer(LISTENERS[kind ?? '']);
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
} else {
  const kms = await startLocalKms({ app });
  const KeyId = kms.keys().find(({ constructPath }) => constructPath === 'App/Key0')?.arn;
  process.send?.({ port: kms.port, credentials: kms.credentialsFor('Writer'), KeyId });
}

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMicros: user + system });
});
process.on('disconnect', () => process.exit());
