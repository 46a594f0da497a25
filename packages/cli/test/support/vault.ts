import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalKmsServer, startLocalKms } from '@cdk-keysmith/local-kms';
import { type EndingSignal, type Io, main } from '../../src/index.ts';

const VAULT = join(__dirname, '..', 'fixtures', 'vault');

/** What a command line wrote and how it ended. */
export interface Ended {
  readonly code: number;
  readonly bytes: Buffer;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command line is run. */
export interface Running {
  readonly stdin?: Uint8Array | string;
  /** Whether it writes to a terminal. */
  readonly isTTY?: boolean;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Is called with every piece on stderr, and may send a signal. */
  readonly onStderr?: (text: string, send: (signal: EndingSignal) => void) => void;
}

/** Runs a command line in this process. Bytes come as they are, in pieces as small as a stream may make them. */
export async function keysmith(words: readonly string[], running: Running = {}): Promise<Ended> {
  const { stdin = '', isTTY = false, env = process.env, onStderr } = running;
  const pieces: Buffer[] = [];
  let stderr = '';
  const listeners = new Set<(signal: EndingSignal) => void>();
  const send = (signal: EndingSignal) => {
    for (const listener of listeners) listener(signal);
  };
  async function* input() {
    const bytes = Buffer.from(stdin);
    for (let at = 0; at < bytes.length; at += 1_000) yield bytes.subarray(at, at + 1_000);
  }
  const io: Io = {
    stdout: {
      write: (chunk) => {
        pieces.push(Buffer.from(chunk));
      },
      isTTY,
      columns: 100,
    },
    stderr: {
      write: (chunk) => {
        stderr += chunk;
        onStderr?.(String(chunk), send);
      },
      columns: 100,
    },
    stdin: input(),
    env: { ...env, NO_COLOR: '1' },
    onSignal: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const code = await main(words, io);
  const bytes = Buffer.concat(pieces);
  expect(listeners.size).toBe(0);
  return { code, bytes, stdout: bytes.toString(), stderr };
}

/** A local KMS with the keys of the vault, and a folder to work in. */
export interface Vault {
  readonly kms: LocalKmsServer;
  /** Temporary, and gone afterwards. */
  readonly folder: string;
  /** Variables of the function, with credentials and endpoint. */
  readonly environment: Readonly<Record<string, string>>;
  readonly keyArn: string;
  readonly nextKeyArn: string;
  close(): Promise<void>;
}

/** Starts it, and makes this process one of its functions: the SDK looks for endpoint and credentials there. */
export async function openVault(as: string): Promise<Vault> {
  const kms = await startLocalKms({ app: VAULT });
  const before = { ...process.env };
  const variables = kms.environmentFor(as);
  Object.assign(process.env, variables);
  const folder = mkdtempSync(join(tmpdir(), 'keysmith-'));
  return {
    kms,
    folder,
    environment: variables,
    keyArn: variables['KEY_ARN'] ?? '',
    nextKeyArn: variables['NEXT_KEY_ARN'] ?? '',
    async close() {
      process.env = before;
      rmSync(folder, { recursive: true });
      await kms.close();
    },
  };
}
