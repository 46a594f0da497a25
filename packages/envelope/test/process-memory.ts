import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';

/** Linux shows the memory of a process, to its parent unless an administrator forbids even that. */
function canReadMemory(): boolean {
  if (!existsSync('/proc/self/mem')) return false;
  const scope = '/proc/sys/kernel/yama/ptrace_scope';
  return process.getuid?.() === 0 || !existsSync(scope) || Number(readFileSync(scope, 'utf8')) <= 1;
}

/** `describe` where the memory of a child can be read. */
export const withMemory = canReadMemory() ? describe : describe.skip;
if (withMemory !== describe) console.warn('skipped: the memory of a process cannot be read here (/proc/<pid>/mem)');

const CHUNK = 16 * 1024 * 1024;

/**
 * How often each of some byte strings is in the memory of a process that does nothing meanwhile: in everything that it
 * can have written to, heaps of V8 and of C, stacks, buffers of sockets, freed memory that nobody has reused.
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_mem.5.html
 */
export function countInMemory(pid: number, wanted: Readonly<Record<string, Uint8Array>>): Record<string, number> {
  const places = Object.entries(wanted).map(([name, bytes]) => ({ name, bytes, at: new Set<number>() }));
  const overlap = Math.max(...places.map(({ bytes }) => bytes.length)) - 1;
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  const buffer = Buffer.alloc(CHUNK);
  try {
    for (const [from, to] of mappings(pid)) {
      for (let start = from; start < to; start += CHUNK - overlap) {
        const chunk = buffer.subarray(0, read(memory, buffer, start, to));
        for (const { bytes, at } of places) {
          for (let found = chunk.indexOf(bytes); found >= 0; found = chunk.indexOf(bytes, found + 1)) {
            at.add(start + found);
          }
        }
      }
    }
  } finally {
    closeSync(memory);
  }
  return Object.fromEntries(places.map(({ name, at }) => [name, at.size]));
}

/** Beginning and end of what the process may read, but for files that it may only read: programs and their constants. */
function mappings(pid: number): [number, number][] {
  const lines = readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n');
  return lines.flatMap((line): [number, number][] => {
    const [, from = '', to = '', written, file] = /^(\w+)-(\w+) r([w-])\S+ \S+ \S+ \S+ *(\/)?/.exec(line) ?? [];
    if (written === undefined || (written === '-' && file !== undefined)) return [];
    return [[Number.parseInt(from, 16), Number.parseInt(to, 16)]];
  });
}

function read(memory: number, buffer: Buffer, start: number, end: number): number {
  try {
    return readSync(memory, buffer, 0, Math.min(buffer.length, end - start), start);
  } catch (error) {
    // Pages of the kernel's own are mapped, and not to be read.
    if ((error as NodeJS.ErrnoException).code === 'EIO') return 0;
    throw error;
  }
}
