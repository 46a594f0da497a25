import {
  CreateAliasCommand,
  CreateGrantCommand,
  CreateKeyCommand,
  EncryptCommand,
  KMSClient,
} from '@aws-sdk/client-kms';
import { type LocalKmsServer, startLocalKms } from '@cdk-keysmith/local-kms';
import { brokenBytes } from './broken.ts';
import { complaint, kindOf } from './judge.ts';
import { type Random, randomFrom } from './random.ts';
import { type FuzzRequest, requestFrom } from './requests.ts';
import { signerFor } from './signer.ts';
import { connectionTo, type FuzzAnswer, sendBytes } from './socket.ts';
import type { Known } from './values.ts';

/** What a run came to. */
export interface FuzzResult {
  readonly requests: number;
  /** How often each answer was given. */
  readonly answers: ReadonlyMap<string, number>;
  /** Megabytes of the heap when a server was closed, at the first and at the last one. */
  readonly heap: { readonly first: number; readonly last: number };
}

/** Requests that one server gets; then it is closed, and with it goes all that it made. */
const PER_SERVER = 10_000;
const CONNECTIONS = 8;

/**
 * Sends requests that nobody would, over sockets and in the process.
 * @throws Error at the first answer that is none of KMS's own, with the number of the request
 */
export async function fuzz(seed: number, requests: number): Promise<FuzzResult> {
  const answers = new Map<string, number>();
  const heaps: number[] = [];
  const escaped: unknown[] = [];
  const onEscape = (error: unknown): void => void escaped.push(error);
  process.on('unhandledRejection', onEscape).on('uncaughtException', onEscape);
  try {
    for (let done = 0; done < requests; ) {
      const count = Math.min(PER_SERVER, requests - done);
      await withServer((kms, known) => run(kms, known, { seed, first: done, count, answers, escaped }));
      done += count;
      globalThis.gc?.();
      heaps.push(process.memoryUsage().heapUsed / 1_048_576);
    }
  } finally {
    process.off('unhandledRejection', onEscape).off('uncaughtException', onEscape);
  }
  return { requests, answers, heap: { first: heaps[0] ?? 0, last: heaps.at(-1) ?? 0 } };
}

interface Part {
  readonly seed: number;
  readonly first: number;
  readonly count: number;
  readonly answers: Map<string, number>;
  readonly escaped: readonly unknown[];
}

async function run(kms: LocalKmsServer, known: Known, part: Part): Promise<void> {
  const sign = signerFor(kms.administratorCredentials());
  let next = 0;
  const worker = async (): Promise<void> => {
    const connection = connectionTo(kms.port);
    try {
      while (next < part.count) {
        const number = part.first + next++;
        const random = randomFrom(part.seed, number);
        const request = requestFrom(random, sign, known);
        const answer = await answerTo(kms, connection, request, random);
        const wrong = part.escaped.length > 0 ? `unhandled: ${part.escaped[0]}` : complaint(answer);
        if (wrong !== undefined) {
          const why = kms.events.map(({ explanation }) => explanation).filter((text) => text?.includes('defect'));
          throw new Error(`request ${number} (${request.what}): ${wrong}; ${why.join('; ')}`);
        }
        part.answers.set(kindOf(answer), (part.answers.get(kindOf(answer)) ?? 0) + 1);
      }
    } finally {
      connection.close();
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
}

function answerTo(
  kms: LocalKmsServer,
  connection: ReturnType<typeof connectionTo>,
  request: FuzzRequest,
  random: Random,
): Promise<FuzzAnswer> {
  const how = random.int(20);
  if (how === 0) return sendBytes(kms.port, brokenBytes(request, random));
  return how < 12 ? connection.send(request) : inProcess(kms, request);
}

async function inProcess(kms: LocalKmsServer, { method, path, headers, body }: FuzzRequest): Promise<FuzzAnswer> {
  const { response } = await kms.clientConfig().requestHandler.handle({ method, path, headers, body });
  return { status: response.statusCode, body: Buffer.from(response.body).toString('utf8') };
}

async function withServer(use: (kms: LocalKmsServer, known: Known) => Promise<void>): Promise<void> {
  await using kms = await startLocalKms();
  const client = new KMSClient(kms.clientConfig());
  const specs = [
    {},
    { MultiRegion: true },
    { Origin: 'EXTERNAL' },
    { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' },
    { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' },
    { KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' },
    { KeySpec: 'ECC_NIST_EDWARDS25519', KeyUsage: 'SIGN_VERIFY' },
    { KeySpec: 'ML_KEM_512', KeyUsage: 'ENCAPSULATE_DECAPSULATE' },
  ] as const;
  const keys = await Promise.all(specs.map((spec) => client.send(new CreateKeyCommand(spec))));
  const ids = keys.map(({ KeyMetadata }) => KeyMetadata?.KeyId ?? '');
  const [KeyId = ''] = ids;
  await client.send(new CreateAliasCommand({ AliasName: 'alias/ledger', TargetKeyId: KeyId }));
  const { CiphertextBlob = new Uint8Array() } = await client.send(
    new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') }),
  );
  const grant = await client.send(
    new CreateGrantCommand({ KeyId, GranteePrincipal: 'arn:aws:iam::111122223333:role/x', Operations: ['Decrypt'] }),
  );
  const cut = Buffer.from(CiphertextBlob);
  await use(kms, {
    keyIds: [
      ...ids,
      ...ids,
      ...['alias/ledger', 'alias/none', '12345678-1234-4234-8234-123456789abc', 'mrk-', 'x'],
      ...['arn:aws:kms:eu-west-1:111122223333:key/x', `arn:aws:kms:us-east-1:444455556666:key/${KeyId}`],
    ],
    ciphertexts: [cut, cut, cut.subarray(0, 100), cut.subarray(0, 1)].map((one) => one.toString('base64')),
    grants: [
      { id: grant.GrantId ?? '', token: grant.GrantToken ?? '' },
      { id: '0'.repeat(64), token: 'x' },
    ],
  });
}
