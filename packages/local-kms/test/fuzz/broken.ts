import type { Random } from './random.ts';
import type { FuzzRequest } from './requests.ts';

/** Bytes that no HTTP client would send, made from a request that one would. */
export function brokenBytes({ headers, body }: FuzzRequest, random: Random): readonly (string | Buffer)[] {
  const lines = Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  const head = `POST / HTTP/1.1\r\n${lines}`;
  const whole = Buffer.concat([Buffer.from(`${head}content-length: ${body.length}\r\n\r\n`, 'latin1'), body]);
  return random.of<() => readonly (string | Buffer)[]>([
    () => [whole.subarray(0, random.int(whole.length))],
    () => [`${head}\r\n`, body],
    () => [`${head}content-length: ${body.length + 10}\r\n\r\n`, body],
    () => [`${head}content-length: -1\r\n\r\n`, body],
    () => [`${head}content-length: 1\r\ncontent-length: 2\r\n\r\n`, body],
    () => [`${head}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`],
    () => [`${head}transfer-encoding: chunked\r\n\r\n`, `${body.length.toString(16)}\r\n`, body, '\r\n0\r\n\r\n'],
    () => [`${head}transfer-encoding: chunked\r\n\r\n`, 'zz\r\n', body],
    () => [`${head}transfer-encoding: chunked\r\n\r\n`, `${'f'.repeat(20)}\r\n`, body],
    () => [`${head}content-length: 99999999999999999999\r\n\r\n`],
    () => ['GET\r\n\r\n'],
    () => ['POST / HTTP/9.9\r\n\r\n'],
    () => [`POST / HTTP/1.1\r\n${'a: b\r\n'.repeat(random.of([101, 3_000]))}\r\n`],
    () => [`POST / HTTP/1.1\r\nhost: ${'x'.repeat(40_000)}\r\n\r\n`],
    () => [`POST / HTTP/1.1\r\na\u0000b: c\r\n\r\n`],
    () => [Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03])],
    () => [Buffer.alloc(random.int(300), random.int(256))],
  ])();
}
