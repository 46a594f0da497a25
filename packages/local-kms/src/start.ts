import type { LocalKmsServer } from './local-kms.ts';
import { opened } from './open.ts';
import { type LocalKmsServerOptions, settingsOf } from './options.ts';
import { listen } from './server/http.ts';

/**
 * Starts a local KMS that listens with plain HTTP on 127.0.0.1, for the SDKs of every language.
 *
 * @throws {@link LocalKmsError} `PORT_IN_USE`, `NOT_LOOPBACK`, `LISTEN_FAILED`, `INVALID_OPTION`, `INVALID_APP` or
 * `INVALID_SEED`, and with a state those of {@link openLocalKms}
 */
export async function startLocalKms(options: LocalKmsServerOptions = {}): Promise<LocalKmsServer> {
  const settings = settingsOf(options);
  if (settings.deterministic !== undefined) {
    process.emitWarning('the local KMS is deterministic, for tests only: whoever knows the seed knows every key', {
      code: 'KEYSMITH_DETERMINISTIC',
    });
  }
  const { kms, world, attach } = await opened(settings);
  const host = options.host ?? '127.0.0.1';
  const { port, close } = await listen(world, host, options.port ?? 0, options.allowRemote ?? false).catch(
    async (error) => {
      await kms.close();
      throw error;
    },
  );
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  attach(url, close);
  return Object.assign(kms, { url, port });
}
