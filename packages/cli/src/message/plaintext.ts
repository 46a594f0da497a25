import { CliError } from '../errors.ts';
import type { ValueKind } from './line-options.ts';
import { type Member, type MemberPath, stringOf } from './member.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A plaintext as JSON text, on one line. The plaintext is wiped.
 * @throws {@link CliError} `REFUSED`, without what is in it
 */
export function jsonOf(plaintext: Uint8Array, as: ValueKind = 'text'): string {
  try {
    return KINDS[as].read(plaintext);
  } catch {
    throw new CliError('REFUSED', `the plaintext is authentic, but it is not ${KINDS[as].what}; try --as base64`);
  } finally {
    plaintext.fill(0);
  }
}

/**
 * The plaintext that a member holds.
 * @throws {@link CliError} `REFUSED`, without what is in it
 */
export function plaintextOf(member: Member, path: MemberPath, as: ValueKind = 'text'): Uint8Array {
  return KINDS[as].write(member, path);
}

interface Kind {
  readonly what: string;
  read(plaintext: Uint8Array): string;
  write(member: Member, path: MemberPath): Uint8Array;
}

const KINDS: Readonly<Record<ValueKind, Kind>> = {
  text: {
    what: 'text in UTF-8',
    read: (plaintext) => JSON.stringify(utf8.decode(plaintext)),
    write: (member, path) => {
      const text = stringOf(member, path);
      // JSON can hold half of a surrogate pair, which would become another character without a word.
      if (text.isWellFormed()) return Buffer.from(text);
      throw new CliError('REFUSED', `the member ${path.text} is text that UTF-8 cannot express; try --as json`);
    },
  },
  json: {
    what: 'JSON in UTF-8',
    read: (plaintext) => {
      const text = utf8.decode(plaintext);
      JSON.parse(text);
      // As it was written, so that no number loses digits. Line breaks in JSON are outside of its strings.
      return text.replaceAll(/[\r\n]/g, ' ').trim();
    },
    write: ({ json }) => Buffer.from(json),
  },
  base64: {
    what: 'anything',
    read: (plaintext) => JSON.stringify(Buffer.from(plaintext).toString('base64')),
    write: (member, path) => {
      const text = stringOf(member, path);
      const bytes = Buffer.from(text, 'base64');
      // Node skips what is not base64.
      if (bytes.toString('base64') === text) return bytes;
      throw new CliError('REFUSED', `the member ${path.text} is not base64 text`);
    },
  },
};
