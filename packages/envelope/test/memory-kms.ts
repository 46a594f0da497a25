import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { KmsClient } from '../src/kms/client.ts';

interface Request {
  readonly KeyId?: string | undefined;
  readonly NumberOfBytes?: number | undefined;
  readonly Plaintext?: Uint8Array | undefined;
  readonly CiphertextBlob?: Uint8Array | undefined;
  readonly EncryptionContext?: Readonly<Record<string, string>> | undefined;
  readonly DryRun?: boolean | undefined;
}

/** One request as this KMS saw it. */
export interface Call {
  readonly operation: string;
  readonly request: Request;
}

/** As the ciphertexts of KMS begin, which therefore look like no message. */
const BLOB_START = Buffer.from([1, 2, 2, 0]);

function kmsFailure(name: string): Error {
  return Object.assign(new Error(`${name} from the KMS of the tests`), { name });
}

/**
 * A KMS in memory that really wraps: AES-256-GCM under a random key for each ARN, with the encryption context as
 * associated data. It answers `send` of a command as well as the methods that the official Encryption SDK calls.
 */
export function memoryKms(...keyArns: readonly string[]) {
  const keys = new Map<string, KeyObject>(keyArns.map((arn) => [arn, createSecretKey(randomBytes(32))]));
  const calls: Call[] = [];

  const keyOf = ({ KeyId }: Request): { arn: string; key: KeyObject } => {
    const key = keys.get(KeyId ?? '');
    if (KeyId === undefined || key === undefined) throw kmsFailure('NotFoundException');
    return { arn: KeyId, key };
  };
  const aad = ({ EncryptionContext = {} }: Request): Buffer =>
    Buffer.from(JSON.stringify(Object.entries(EncryptionContext).sort(([a], [b]) => (a < b ? -1 : 1))));
  const wrap = (request: Request, plaintext: Uint8Array) => {
    const { arn, key } = keyOf(request);
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(aad(request));
    const CiphertextBlob = Buffer.concat([
      BLOB_START,
      iv,
      cipher.update(plaintext),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
    return { KeyId: arn, CiphertextBlob: new Uint8Array(CiphertextBlob) };
  };

  const operations: Record<string, (request: Request) => unknown> = {
    GenerateDataKey: (request) => {
      const Plaintext = new Uint8Array(randomBytes(request.NumberOfBytes ?? 0));
      return { ...wrap(request, Plaintext), Plaintext };
    },
    Encrypt: (request) => wrap(request, request.Plaintext ?? new Uint8Array(0)),
    Decrypt: (request) => {
      const { arn, key } = keyOf(request);
      const blob = Buffer.from(request.CiphertextBlob ?? []).subarray(BLOB_START.length);
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, blob.subarray(0, 12)).setAAD(aad(request));
        decipher.setAuthTag(blob.subarray(-16));
        const plaintext = Buffer.concat([decipher.update(blob.subarray(12, -16)), decipher.final()]);
        return { KeyId: arn, Plaintext: new Uint8Array(plaintext) };
      } catch {
        throw kmsFailure('InvalidCiphertextException');
      }
    },
  };

  const answer = async (operation: string, request: Request): Promise<unknown> => {
    calls.push({ operation, request });
    // As over a network: nobody is answered before others had their turn.
    await new Promise((resolve) => setImmediate(resolve));
    if (request.DryRun === true && keyOf(request)) throw kmsFailure('DryRunOperationException');
    return operations[operation]?.(request);
  };

  return {
    calls,
    answer,
    send: (command: Parameters<KmsClient['send']>[0]) =>
      answer(command.constructor.name.replace('Command', ''), command.input),
    generateDataKey: (request: Request) => answer('GenerateDataKey', request),
    encrypt: (request: Request) => answer('Encrypt', request),
    decrypt: (request: Request) => answer('Decrypt', request),
  };
}

/** The same KMS, with some answers replaced: by an error that is thrown, or by what a function makes of the answer. */
export function altered(kms: KmsClient, change: (answer: Record<string, unknown>, call: number) => unknown): KmsClient {
  let call = 0;
  return {
    send: async (command) => {
      const number = call;
      call += 1;
      return change((await kms.send(command)) as Record<string, unknown>, number);
    },
  };
}

/** The same KMS behind a socket, speaking KMS's wire protocol: JSON 1.1, bytes as base64. */
export async function listening(kms: ReturnType<typeof memoryKms>) {
  const credentialScopes: string[] = [];
  const answerTo = async (request: IncomingMessage): Promise<string> => {
    credentialScopes.push(request.headers.authorization ?? '');
    const operation = String(request.headers['x-amz-target']).replace('TrentService.', '');
    const { CiphertextBlob, ...rest } = (await json(request)) as Record<string, string>;
    const blob = CiphertextBlob === undefined ? {} : { CiphertextBlob: Buffer.from(CiphertextBlob, 'base64') };
    return JSON.stringify(await kms.answer(operation, { ...rest, ...blob }), (_name, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
    );
  };
  const server = createServer((request, response) => {
    answerTo(request).then(
      (body) => response.setHeader('content-type', 'application/x-amz-json-1.1').end(body),
      (error: Error) => response.writeHead(400).end(JSON.stringify({ __type: error.name })),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentialScopes,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
