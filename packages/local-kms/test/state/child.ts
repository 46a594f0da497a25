import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';

export interface Answer {
  readonly status: number;
  readonly requestId: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A server in a process of its own. */
export interface Child {
  /** @throws where the server ends before it listens */
  open(state: string): Promise<void>;
  /** Undefined: the server was killed before it answered. */
  call(operation: string, body: unknown): Promise<Answer | undefined>;
  /** `kill -9`, and waits for the end. */
  kill(): Promise<void>;
}

/** One file, so that a server starts as fast as it can; the database stays where it is installed. */
export function buildServer(here: string): string {
  const cache = resolve(here, '../../../../node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const outfile = join(cache, `killed-server-${process.pid}.cjs`);
  const entryPoints = [join(here, 'server.ts')];
  const external = ['classic-level', '@aws-sdk/client-kms'];
  buildSync({ entryPoints, outfile, external, bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' });
  return outfile;
}

export function startChild(program: string): Child {
  const child = fork(program, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [] });
  const agent = new Agent({ keepAlive: true });
  let errors = '';
  child.stderr?.on('data', (chunk) => {
    errors += chunk;
  });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  let url = '';
  return {
    async open(state) {
      child.send(state);
      url = await addressOf(child, () => errors);
    },
    call: (operation, body) => call(url, agent, operation, JSON.stringify(body)),
    async kill() {
      child.kill('SIGKILL');
      agent.destroy();
      await ended;
    },
  };
}

function addressOf(child: ChildProcess, errors: () => string): Promise<string> {
  return new Promise((done, fail) => {
    child.once('message', (address: string) => done(address));
    child.once('exit', (code, signal) => fail(new Error(`the server ended: ${signal ?? code} ${errors()}`)));
  });
}

function call(url: string, agent: Agent, operation: string, body: string): Promise<Answer | undefined> {
  return new Promise((done) => {
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `TrentService.${operation}` };
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', () => done(undefined));
      response.on('close', () => {
        if (!response.complete) return done(undefined);
        const text = Buffer.concat(chunks).toString('utf8');
        const requestId = String(response.headers['x-amzn-requestid']);
        return done({ status: response.statusCode ?? 0, requestId, body: text === '' ? {} : JSON.parse(text) });
      });
    });
    sent.on('error', () => done(undefined));
    sent.end(body);
  });
}
