import { connect } from 'node:net';
import { ListKeysCommand } from '@aws-sdk/client-kms';
import { createLocalKms, startLocalKms } from '@cdk-keysmith/local-kms';
import { sendBytes } from './fuzz/socket.ts';
import { administrator, newKey, post, raw } from './support.ts';

describe('a client that means no good', () => {
  test('does not keep others waiting with a request that it does not finish', async () => {
    await using kms = await startLocalKms();
    const slow = connect(kms.port, '127.0.0.1');
    slow.on('error', () => undefined);
    slow.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n{');
    expect((await post(kms.url, {}, '{}')).status).toBe(400);
    slow.destroy();
  });

  test('gets no event for a request that it breaks off', async () => {
    await using kms = await startLocalKms({ mode: 'off' });
    const head = 'POST / HTTP/1.1\r\nhost: x\r\nx-amz-target: TrentService.CreateKey\r\ncontent-length: 100\r\n\r\n';
    await sendBytes(kms.port, [head, '{}']);
    expect(kms.events).toEqual([]);
    expect(kms.keys()).toEqual([]);
  });

  test.each([
    ['more headers than any client sends', `${`a: ${'b'.repeat(500)}\r\n`.repeat(80)}\r\n`, 431],
    [
      'a body over 1 MiB in chunks',
      `transfer-encoding: chunked\r\n\r\n100001\r\n${'x'.repeat(0x100001)}\r\n0\r\n\r\n`,
      413,
    ],
    ['two lengths', 'content-length: 1\r\ncontent-length: 2\r\n\r\n{}', 400],
  ])('is told %s', async (_what, rest, status) => {
    await using kms = await startLocalKms();
    expect((await sendBytes(kms.port, [`POST / HTTP/1.1\r\nhost: x\r\n${rest}`])).status).toBe(status);
    expect((await post(kms.url, {}, '{}')).status).toBe(400);
  });

  test.each(['//', '/..//', '/%zz', '*'])('gets "not found" for the target %s', async (path) => {
    await using kms = await startLocalKms();
    expect((await sendBytes(kms.port, [`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`])).status).toBe(
      404,
    );
  });
});

test('pages end where the list does, whatever marker is sent', async () => {
  const kms = createLocalKms();
  const client = administrator(kms);
  await newKey(client);
  await newKey(client);
  const { NextMarker } = await client.send(new ListKeysCommand({ Limit: 1 }));
  const last = await client.send(new ListKeysCommand({ Limit: 1, Marker: NextMarker }));
  expect([last.Truncated, last.NextMarker]).toEqual([false, undefined]);
  for (const Marker of ['1000000', Buffer.from('1000000').toString('base64'), `${NextMarker}x`]) {
    expect((await raw(kms, 'ListKeys', { Limit: 1, Marker })).body['__type']).toBe('InvalidMarkerException');
  }
});

test.each([
  ['CreateGrant', { GranteePrincipal: 'x', Operations: Array(50_000).fill('x') }],
  ['TagResource', { Tags: Array(50_000).fill({}) }],
  ['UntagResource', { TagKeys: Array(50_000).fill('') }],
  ['DescribeKey', { KeyId: 'x'.repeat(500_000) }],
])('an error of %s is not larger than its request', async (operation, members) => {
  await using kms = createLocalKms();
  const { body } = await raw(kms, operation, { KeyId: 'x', ...members });
  expect(body['__type']).toBe('ValidationException');
  expect(String(body['message']).length).toBeLessThan(10_000);
});

test('an event shows no more of a request than CloudTrail would', async () => {
  await using kms = createLocalKms();
  const { id } = await newKey(administrator(kms));
  const EncryptionContext = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`name${i}`, 'x']));
  await raw(kms, 'Encrypt', { KeyId: id, Plaintext: 'eA==', EncryptionContext });
  await raw(kms, 'CreateGrant', { KeyId: id, GranteePrincipal: 'x', Operations: Array(50_000).fill('Encrypt') });
  const sizes = kms.events.map((event) => JSON.stringify(event).length);
  expect(Math.max(...sizes)).toBeLessThan(200_000);
  expect(kms.events.at(-2)?.requestParameters?.['encryptionContext']).toMatchObject({ name0: 'x', name1: 'x' });
});
