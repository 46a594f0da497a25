import { EnvelopeError } from '@cdk-keysmith/envelope';

/** Base64 text of a message of version 1 begins `AY`, of version 2 `Ag`: bytes that no message begins with. */
const BASE64_BEGINNING = /^\s*A\s*[Yg]/;
const WHITE_SPACE = /\s+/g;
/** What a multiple of four characters has to be (RFC 4648 section 4). */
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Whether bytes are the beginning of a message as base64 text. */
export function isBase64Text(prefix: Uint8Array): boolean {
  return BASE64_BEGINNING.test(latin1(prefix.subarray(0, 64)));
}

/** The bytes of a message that may be base64 text, with line breaks or without. */
export async function* binary(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let decode: Decoder | undefined;
  let beginning: Uint8Array | undefined = new Uint8Array(0);
  for await (const chunk of chunks) {
    if (beginning === undefined) {
      yield decode === undefined ? chunk : decode.push(chunk);
      continue;
    }
    beginning = Buffer.concat([beginning, chunk]);
    if (beginning.length < 64) continue;
    if (isBase64Text(beginning)) decode = decoder();
    yield decode === undefined ? beginning : decode.push(beginning);
    beginning = undefined;
  }
  if (beginning !== undefined) {
    if (isBase64Text(beginning)) decode = decoder();
    yield decode === undefined ? beginning : decode.push(beginning);
  }
  decode?.end();
}

/**
 * The bytes of base64 text.
 * @throws EnvelopeError `NOT_A_MESSAGE`
 */
export function decoded(text: Uint8Array): Uint8Array {
  const decode = decoder();
  const bytes = decode.push(text);
  decode.end();
  return bytes;
}

interface Decoder {
  push(chunk: Uint8Array): Uint8Array;
  /** @throws EnvelopeError `NOT_A_MESSAGE` when the text ends where it should not */
  end(): void;
}

function decoder(): Decoder {
  let rest = '';
  let ended = false;
  return {
    push(chunk) {
      const text = rest + latin1(chunk).replace(WHITE_SPACE, '');
      const whole = text.slice(0, text.length - (text.length % 4));
      rest = text.slice(whole.length);
      // Node skips what is not base64; after padding there is nothing more to come.
      if (!BASE64.test(whole) || (ended && text !== '')) throw notBase64();
      ended ||= whole.endsWith('=');
      return Buffer.from(whole, 'base64');
    },
    end() {
      if (rest !== '') throw notBase64();
    },
  };
}

function notBase64(): EnvelopeError {
  return new EnvelopeError('NOT_A_MESSAGE', 'the text begins as a message in base64, and does not go on as base64');
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/** Base64 text of chunks, in one line that ends. */
export async function* base64Text(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = Buffer.concat([rest, chunk]);
    const whole = bytes.length - (bytes.length % 3);
    rest = bytes.subarray(whole);
    yield Buffer.from(bytes.toString('base64', 0, whole));
  }
  yield Buffer.from(`${rest.toString('base64')}\n`);
}
