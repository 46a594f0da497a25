// Calls over a socket against an empty HTTP server of Node.js, and one that does what no KMS can leave out, each server in a
// process of its own. The client writes
// requests that were signed before over connections that stay open, and reads no more than where an answer ends, so that
// its own cost does not hide that of the servers. The goal is 70 % of the requests that the empty server answers.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import type { LocalCredentials } from '@cdk-keysmith/local-kms';
import { median } from '../../../bench/statistics.ts';
import { REGION, writeApp } from './app.ts';
import { type Signed, signed } from './signed.ts';

const [ROUNDS, ROUND_MILLIS, CONNECTIONS] = [15, 300, 8];
const NAME_WIDTH = 50;
const CONTEXT = { service: 'orders', tenant: 'a' };

interface Started {
  readonly port: number;
  readonly credentials: LocalCredentials;
  readonly KeyId: string;
}

interface Server extends Started {
  readonly child: ChildProcess;
}

async function start(...args: readonly string[]): Promise<Server> {
  const child = fork(join(import.meta.dirname, 'serve.ts'), args, { execArgv: ['--import', 'tsx'] });
  const [started] = await once(child, 'message');
  return { child, ...(started as Started) };
}

async function cpuOf({ child }: Server): Promise<number> {
  child.send('cpu');
  const [{ cpuMicros }] = await once(child, 'message');
  return cpuMicros;
}

function bytesOf({ headers, body }: Signed): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`POST / HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
}

const END_OF_HEAD = Buffer.from('\r\n\r\n');

/** The body of the answer where all of it is there. */
function bodyIn(received: Buffer): Buffer | undefined {
  const start = received.indexOf(END_OF_HEAD) + END_OF_HEAD.length;
  if (start < END_OF_HEAD.length) return undefined;
  const head = received.toString('latin1', 0, start);
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
  if (!head.startsWith('HTTP/1.1 200')) throw new Error(head + received.toString());
  return received.length < start + length ? undefined : received.subarray(start, start + length);
}

/** Sends a request again and again over one connection until the time is over. @returns how often it was answered */
function hammer(socket: Socket, request: Buffer, until: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let answers = 0;
    let received: Buffer | undefined;
    socket.removeAllListeners('data').removeAllListeners('error');
    socket.on('error', reject);
    socket.on('data', (chunk: Buffer) => {
      received = received === undefined ? chunk : Buffer.concat([received, chunk]);
      if (bodyIn(received) === undefined) return;
      received = undefined;
      answers += 1;
      if (performance.now() < until) socket.write(request);
      else resolve(answers);
    });
    socket.write(request);
  });
}

async function answerTo(port: number, request: Buffer): Promise<Record<string, string>> {
  const socket = connect(port, '127.0.0.1');
  socket.write(request);
  let received = Buffer.alloc(0);
  for await (const chunk of socket) {
    received = Buffer.concat([received, chunk]);
    const body = bodyIn(received);
    if (body !== undefined) return JSON.parse(body.toString());
  }
  throw new Error('the connection was closed');
}

const empty = await start('empty');
const least = await start('floor');
const kms = await start('kms', writeApp(1));
const signer = { credentials: kms.credentials, region: REGION, host: `127.0.0.1:${kms.port}` };
const asked = { KeyId: kms.KeyId, KeySpec: 'AES_256', EncryptionContext: CONTEXT };
const generate = bytesOf(signed(signer, 'GenerateDataKey', asked));
const { CiphertextBlob } = await answerTo(kms.port, generate);
const decrypt = bytesOf(signed(signer, 'Decrypt', { CiphertextBlob, EncryptionContext: CONTEXT }));

interface Case {
  readonly name: string;
  readonly server: Server;
  readonly request: Buffer;
  readonly sockets: readonly Socket[];
  /** Answers a second, and the server's CPU time for each in microseconds: one of each round. */
  readonly rates: number[];
  readonly micros: number[];
}

function caseOf(name: string, server: Server, request: Buffer): Case {
  const sockets = Array.from({ length: CONNECTIONS }, () => connect(server.port, '127.0.0.1').setNoDelay());
  return { name, server, request, sockets, rates: [], micros: [] };
}

/** One round of a case. */
async function round({ server, request, sockets, rates, micros }: Case): Promise<void> {
  const [cpu, from] = [await cpuOf(server), performance.now()];
  const answers = await Promise.all(sockets.map((socket) => hammer(socket, request, from + ROUND_MILLIS)));
  const total = answers.reduce((sum, one) => sum + one, 0);
  rates.push((total / (performance.now() - from)) * 1000);
  micros.push(((await cpuOf(server)) - cpu) / total);
}

const baseline = caseOf('empty server', empty, generate);
const cases = [
  baseline,
  caseOf('GenerateDataKey, signature, JSON and cipher alone', least, generate),
  caseOf('GenerateDataKey', kms, generate),
  caseOf('Decrypt, signature, JSON and cipher alone', least, decrypt),
  caseOf('Decrypt', kms, decrypt),
];
// The first rounds are those in which the servers are compiled.
for (let at = 0; at < 3; at += 1) for (const one of cases) await round(one);
for (const { rates, micros } of cases) rates.length = micros.length = 0;
for (let at = 0; at < ROUNDS; at += 1) for (const one of cases) await round(one);

const COLUMNS = `${'case'.padEnd(NAME_WIDTH)} answers/s  of the empty server  server's cpu µs/answer`;
console.log(`over a socket, ${CONNECTIONS} connections\n  ${COLUMNS}`);
for (const { name, rates, micros } of cases) {
  const share = median(rates.map((rate, at) => rate / (baseline.rates[at] ?? Number.NaN)));
  const columns = [
    Math.round(median(rates)).toLocaleString('en'),
    `${Math.round(share * 100)} %`,
    median(micros).toFixed(1),
  ];
  console.log(
    `  ${name.padEnd(NAME_WIDTH)} ${columns[0]?.padStart(9)} ${columns[1]?.padStart(20)} ${columns[2]?.padStart(23)}`,
  );
}
for (const { sockets, server } of cases) {
  for (const socket of sockets) socket.destroy();
  if (server.child.connected) server.child.disconnect();
}
