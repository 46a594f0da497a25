// A server in a process of its own: the empty one, or the local KMS. It tells how to call it, and then what CPU time it took.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startLocalKms } from '@cdk-keysmith/local-kms';

const app = process.argv[2];

if (app === undefined) {
  const server = createServer((_, response) => response.end());
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
