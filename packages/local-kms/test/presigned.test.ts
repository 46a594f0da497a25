import { createHash, createHmac } from 'node:crypto';
import { createLocalKms, type LocalKms, startLocalKms } from '@cdk-keysmith/local-kms';
import { SignatureV4 } from '@smithy/signature-v4';
import { LEDGER } from './support.ts';

/** The hash that the SDK's signer asks for. */
class Sha256 {
  readonly #parts: (string | Uint8Array)[] = [];
  readonly #secret: string | Uint8Array | undefined;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#secret = secret === undefined || typeof secret === 'string' ? secret : new Uint8Array(secret as ArrayBuffer);
  }
  update(part: string | Uint8Array): void {
    this.#parts.push(part);
  }
  async digest(): Promise<Uint8Array> {
    const hash = this.#secret === undefined ? createHash('sha256') : createHmac('sha256', this.#secret);
    for (const part of this.#parts) hash.update(part);
    return new Uint8Array(hash.digest());
  }
  reset(): void {
    this.#parts.length = 0;
  }
}

type Query = Record<string, string | string[] | null>;

/** A request that the SDK's own signer has presigned. */
async function presigned(kms: LocalKms, more: { query?: Query; expiresIn?: number; service?: string; at?: Date } = {}) {
  const { query = {}, expiresIn = 900, service = 'sts', at = new Date() } = more;
  const signer = new SignatureV4({
    service,
    region: 'us-east-1',
    credentials: kms.credentialsFor('Writer'),
    sha256: Sha256 as never,
  });
  const request = {
    method: 'GET',
    protocol: 'http:',
    hostname: 'sts.example',
    path: '/',
    query: { Action: 'GetCallerIdentity', Version: '2011-06-15', ...query },
    headers: { host: 'sts.example', 'x-k8s-aws-id': 'cluster' },
  };
  return signer.presign(request as never, { expiresIn, signingDate: at });
}

async function answerTo(kms: LocalKms, request: { query?: Query; headers: Record<string, string> }) {
  const { response } = await kms.clientConfig().requestHandler.handle({ method: 'GET', path: '/', ...request });
  const text = Buffer.from(response.body).toString('utf8');
  return { status: response.statusCode, text, code: /<Code>(\w+)<\/Code>/.exec(text)?.[1] };
}

describe('a presigned request', () => {
  test('tells who signed it, as programs prove by it who they are', async () => {
    const kms = createLocalKms({ app: LEDGER });
    const { status, text } = await answerTo(kms, await presigned(kms));
    expect(status).toBe(200);
    expect(text).toContain('assumed-role/Ledger-WriterRole/');
  });

  test('comes through a socket as it was signed', async () => {
    await using kms = await startLocalKms({ app: LEDGER });
    const { query, headers } = await presigned(kms, { query: { 'a-b': ' +/%~*', a: ['2', '1', 'ü'] } });
    const url = new URL(kms.url);
    const pairs = Object.entries(query as Query).flatMap(([name, values]) =>
      [values ?? ''].flat().map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`),
    );
    url.search = pairs.join('&');
    const { request } = await import('node:http');
    const status = await new Promise((done, fail) => {
      request(url, { agent: false, headers }, (answer) => done(answer.resume().statusCode))
        .on('error', fail)
        .end();
    });
    expect(status).toBe(200);
  });

  test.each<[string, (query: Query) => Query, string]>([
    ['another action', (query) => ({ ...query, Action: 'AssumeRole' }), 'SignatureDoesNotMatch'],
    ['another time', (query) => ({ ...query, 'X-Amz-Expires': '901' }), 'SignatureDoesNotMatch'],
    ['a parameter more', (query) => ({ ...query, more: '' }), 'SignatureDoesNotMatch'],
    ['no session token', ({ 'X-Amz-Security-Token': _, ...query }) => query, 'InvalidClientTokenId'],
    [
      'a parameter twice',
      (query) => ({ ...query, 'X-Amz-Date': [String(query['X-Amz-Date']), 'x'] }),
      'IncompleteSignature',
    ],
    ['another algorithm', (query) => ({ ...query, 'X-Amz-Algorithm': 'none' }), 'IncompleteSignature'],
    ['eight days', (query) => ({ ...query, 'X-Amz-Expires': '691200' }), 'IncompleteSignature'],
  ])('is refused with %s', async (_what, change, code) => {
    const kms = createLocalKms({ app: LEDGER });
    const request = await presigned(kms);
    expect((await answerTo(kms, { ...request, query: change(request.query as Query) })).code).toBe(code);
  });

  test('is refused beside a signature in a header, and for another service', async () => {
    const kms = createLocalKms({ app: LEDGER });
    const request = await presigned(kms);
    const headers = { ...request.headers, authorization: 'AWS4-HMAC-SHA256 Credential=a' };
    expect((await answerTo(kms, { query: request.query as Query, headers })).code).toBe('IncompleteSignature');
    const other = await presigned(kms, { service: 'kms' });
    expect((await answerTo(kms, { ...other, query: other.query as Query })).code).toBe('SignatureDoesNotMatch');
  });

  test('is good from its time on for as long as it says, by the clock of the server', async () => {
    let now = new Date();
    const kms = createLocalKms({ app: LEDGER, clock: () => now });
    const begin = now.getTime();
    const request = await presigned(kms, { at: new Date(begin), expiresIn: 3600 });
    const at = async (minutes: number) => {
      now = new Date(begin + minutes * 60_000);
      return (await answerTo(kms, { ...request, query: request.query as Query })).code;
    };
    expect([await at(-6), await at(-4), await at(59), await at(61)]).toEqual([
      'SignatureDoesNotMatch',
      undefined,
      undefined,
      'SignatureDoesNotMatch',
    ]);
  });
});
