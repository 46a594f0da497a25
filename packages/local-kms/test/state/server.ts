// The server that is killed: opens the state when it is told where, and tells its address.

import { startLocalKms } from '../../src/start.ts';

process.once('message', async (state: string) => {
  const { url } = await startLocalKms({ state, mode: 'off' });
  process.send?.(url);
});
