import { type Io, main } from '../../src/index.ts';

/** What a command line prints and how it ends, on streams that are `columns` wide. */
export async function keysmith(words: readonly string[], columns = 100) {
  const text = { stdout: '', stderr: '' };
  const output = (stream: 'stdout' | 'stderr') => ({
    write: (chunk: string) => {
      text[stream] += chunk;
    },
    columns,
  });
  const env = { PATH: process.env['PATH'] };
  const io: Io = { stdout: output('stdout'), stderr: output('stderr'), env, onSignal: () => () => {} };
  const code = await main(words, io);
  return { code, ...text };
}
