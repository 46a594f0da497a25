import { execFile } from 'node:child_process';
import { type Agent, type OutgoingHttpHeaders, request } from 'node:http';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { CreateKeyCommand, KMSClient, type KMSClientConfig, ListKeysCommand } from '@aws-sdk/client-kms';
import type { HandlerRequest, LocalKms } from '@cdk-keysmith/local-kms';

/** A small app: `Ledger` leaves its environment open, `Archive` is in account 444455556666. */
export const LEDGER = join(__dirname, 'fixtures', 'ledger');

const ROOT = resolve(__dirname, '../../..');
const run = promisify(execFile);

/** An unmodified client of the SDK that calls as somebody, in the process. */
export function clientAs(kms: LocalKms, name?: string, config: KMSClientConfig = {}): KMSClient {
  return new KMSClient({ ...kms.clientConfig(name), maxAttempts: 1, ...config });
}

/** A client with the long-term credentials of an account's root user. */
export function administrator(kms: LocalKms, account?: string, config: KMSClientConfig = {}): KMSClient {
  return clientAs(kms, undefined, { credentials: kms.administratorCredentials(account), ...config });
}

export function keyArnOf(kms: LocalKms, constructPath: string): string {
  const key = kms.keys().find((one) => one.constructPath === constructPath);
  if (key === undefined) throw new Error(`the app has no key ${constructPath}`);
  return key.arn;
}

/** The answer as it is on the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface RawOptions {
  readonly as?: string;
  readonly config?: KMSClientConfig;
  /** Headers that are signed with the rest. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Changes the request after it was signed. */
  readonly tamper?: (request: HandlerRequest) => HandlerRequest;
}

/**
 * Sends any body to any operation, signed by the SDK, and gives what came back: what the SDK would not send, and what it
 * does not show.
 */
export async function raw(
  kms: LocalKms,
  operation: string,
  body: unknown,
  options: RawOptions = {},
): Promise<RawAnswer> {
  const { requestHandler, ...rest } = kms.clientConfig(options.as);
  let answer: RawAnswer | undefined;
  const client = new KMSClient({
    ...rest,
    maxAttempts: 1,
    ...options.config,
    requestHandler: {
      ...requestHandler,
      async handle(request: HandlerRequest) {
        const result = await requestHandler.handle(options.tamper?.(request) ?? request);
        const { statusCode: status, headers, body: bytes } = result.response;
        const text = Buffer.from(bytes).toString('utf8');
        answer = { status, headers, body: text === '' ? {} : JSON.parse(text) };
        return result;
      },
    },
  });
  client.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { body: string; headers: Record<string, string> };
      request.body = typeof body === 'string' ? body : JSON.stringify(body);
      Object.assign(request.headers, { 'x-amz-target': `TrentService.${operation}` }, options.headers);
      return next(args);
    },
    { step: 'build', priority: 'high', name: 'rawBody' },
  );
  await client.send(new ListKeysCommand({})).catch((error: unknown) => {
    if (answer === undefined) throw error;
  });
  if (answer === undefined) throw new Error('nothing was answered');
  return answer;
}

/** The error of a call that must fail. */
export function failure(call: Promise<unknown>): Promise<Error> {
  return call.then(
    () => {
      throw new Error('the call succeeded');
    },
    // Not asked for its class: errors of Node itself are of another realm than those of a test.
    (error: Error) => error,
  );
}

/** A new symmetric key in the administrator's account. */
export async function newKey(client: KMSClient): Promise<{ id: string; arn: string }> {
  const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
  return { id: KeyMetadata?.KeyId ?? '', arn: KeyMetadata?.Arn ?? '' };
}

/** Runs a module with nothing in its environment but what is given: the SDK in it is as anybody installs it. */
export async function runModule(
  source: string,
  environment: Record<string, string> = {},
  flags: readonly string[] = [],
): Promise<string> {
  const env = { PATH: process.env['PATH'] ?? '', AWS_EC2_METADATA_DISABLED: 'true', ...environment };
  const args = ['--no-warnings', ...flags, '--input-type=module', '-e', source];
  const { stdout } = await run(process.execPath, args, { cwd: ROOT, env, timeout: 50_000 });
  return stdout.trim();
}

/** Runs a module that imports the packages from their sources, so that no build has to be there. */
export function runSources(source: string, environment: Record<string, string> = {}): Promise<string> {
  const sources = { TSX_TSCONFIG_PATH: join(ROOT, 'packages', 'tsconfig.json') };
  return runModule(source, { ...environment, ...sources }, ['--import', 'tsx']);
}

/** Sends bytes that no SDK would. */
export function post(
  url: string,
  headers: OutgoingHttpHeaders,
  body: string | Buffer,
  path = '/',
  method = 'POST',
  agent?: Agent,
) {
  return new Promise<{ status: number | undefined; text: string }>((done, fail) => {
    const sent = request(url + path, { method, headers, agent: agent ?? false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('end', () => done({ status: response.statusCode, text }));
    });
    sent.on('error', fail);
    sent.end(body);
  });
}

/** Turns of the event loop until something has happened. */
export async function until(happened: () => boolean): Promise<void> {
  for (const end = performance.now() + 10_000; !happened(); ) {
    if (performance.now() > end) throw new Error('it did not happen within ten seconds');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
