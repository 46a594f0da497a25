import { OPERATION_TABLE } from '../../src/operations/table.ts';
import type { Random } from './random.ts';
import type { Signer } from './signer.ts';
import { type Known, membersFor } from './values.ts';

/** A request as bytes, and whether it is one of HTTP at all. */
export interface FuzzRequest {
  readonly what: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const NAMES = [...OPERATION_TABLE.keys()];
const TYPES = ['application/x-amz-json-1.0', 'text/plain', '', 'application/json', 'multipart/form-data; boundary=x'];
const JSON_TYPE = 'application/x-amz-json-1.1';

type Maker = (random: Random, sign: Signer, known: Known) => FuzzRequest;

/** Every kind of request, and how often it is made. */
const KINDS: readonly (readonly [number, Maker])[] = [
  [60, members],
  [12, brokenJson],
  [6, wrongTarget],
  [6, wrongType],
  [8, wrongSignature],
  [6, formOfSts],
  [2, elsewhere],
];
const TOTAL = KINDS.reduce((sum, [weight]) => sum + weight, 0);

export function requestFrom(random: Random, sign: Signer, known: Known): FuzzRequest {
  let at = random.int(TOTAL);
  for (const [weight, make] of KINDS) {
    at -= weight;
    if (at < 0) return make(random, sign, known);
  }
  return members(random, sign, known);
}

function kms(what: string, target: string, body: Buffer, sign: Signer, type = JSON_TYPE): FuzzRequest {
  const headers = sign('kms', { 'content-type': type, 'x-amz-target': target }, body);
  return { what, method: 'POST', path: '/', headers, body };
}

function inputOf(operation: string, random: Random, known: Known): Buffer {
  const input = membersFor(OPERATION_TABLE.get(operation)?.input ?? {}, random, known);
  return Buffer.from(JSON.stringify(input), 'utf8');
}

function members(random: Random, sign: Signer, known: Known): FuzzRequest {
  const operation = random.of(NAMES);
  return kms(operation, `TrentService.${operation}`, inputOf(operation, random, known), sign);
}

function brokenJson(random: Random, sign: Signer, known: Known): FuzzRequest {
  const operation = random.of(NAMES);
  const right = inputOf(operation, random, known);
  const body = random.of<() => Buffer>([
    () => right.subarray(0, random.int(right.length + 1)),
    () => Buffer.concat([right, Buffer.from(random.of([',', '}', '\u0000', ' x', '{}']))]),
    () => {
      const changed = Buffer.from(right);
      for (let i = 0; i <= random.int(4); i += 1) changed[random.int(changed.length)] = random.int(256);
      return changed;
    },
    () => Buffer.from('['.repeat(random.of([10, 5_000, 200_000]))),
    () => Buffer.from('{"a":'.repeat(random.of([10, 5_000, 100_000]))),
    () => Buffer.from([0xff, 0xfe, 0x7b, 0x7d]),
    () => Buffer.from('\ufeff{}'),
    () =>
      Buffer.from(random.of(['null', '1', '"x"', '[]', 'NaN', "{'a':1}", '{"KeyId":1e999}', '{"KeyId":"\\ud800"}'])),
    () => Buffer.from(`{${'"KeyId":"x",'.repeat(2_000)}"KeyId":"y"}`),
    () => Buffer.alloc(random.of([1024, 1024 * 1024, 1024 * 1024 + 1]), 0x20),
  ])();
  return kms(`${operation}, broken JSON`, `TrentService.${operation}`, body, sign);
}

function wrongTarget(random: Random, sign: Signer, known: Known): FuzzRequest {
  const target = random.of([
    ...['', 'TrentService', 'TrentService.', 'TrentService.Nothing', 'trentservice.ListKeys', 'Other.ListKeys'],
    ...['TrentService.__proto__', 'TrentService.constructor', 'TrentService.ListKeys ', 'TrentService.ListKeys.x'],
    `TrentService.${'x'.repeat(5_000)}`,
  ]);
  return kms('wrong target', target, inputOf(random.of(NAMES), random, known), sign);
}

function wrongType(random: Random, sign: Signer, known: Known): FuzzRequest {
  const operation = random.of(NAMES);
  return kms(
    'wrong content-type',
    `TrentService.${operation}`,
    inputOf(operation, random, known),
    sign,
    random.of(TYPES),
  );
}

function wrongSignature(random: Random, sign: Signer, known: Known): FuzzRequest {
  const right = members(random, sign, known);
  const { authorization = '', ...rest } = right.headers;
  const at = random.int(authorization.length);
  const changed = random.of([
    authorization.slice(0, at),
    authorization.slice(0, at) + random.of(['x', ',', '=', '/', ';', ' ', 'Credential=']) + authorization.slice(at + 1),
    `${authorization}, Signature=${'0'.repeat(64)}`,
    authorization.replace('AWS4-HMAC-SHA256', 'AWS4-ECDSA-P256-SHA256'),
    authorization.replace(/Credential=\w+/, 'Credential=AKIAIOSFODNN7EXAMPLE'),
    'Bearer x',
    '',
  ]);
  const token = random.chance(3) ? { 'x-amz-security-token': 'x'.repeat(random.of([1, 128, 5_000])) } : {};
  const date = random.chance(3) ? { 'x-amz-date': random.of(['', '20260101T000000Z', 'x', '99999999T999999Z']) } : {};
  const query = random.chance(4) ? `?X-Amz-Signature=${random.of(['', 'x', '0'.repeat(64)])}&X-Amz-Expires=x` : '';
  return {
    ...right,
    what: 'wrong signature',
    path: `/${query}`,
    headers: { ...rest, ...token, ...date, authorization: changed },
  };
}

function formOfSts(random: Random, sign: Signer): FuzzRequest {
  const body = Buffer.from(
    random.of([
      ...['', '%%%', 'Action', '&&&=', 'Action=GetCallerIdentity&Version=2011-06-15', `Action=${'x'.repeat(9_000)}`],
      'Action=AssumeRole&RoleArn=arn:aws:iam::111122223333:role/none&RoleSessionName=x',
      `Action=AssumeRole&RoleSessionName=test&Policy=${encodeURIComponent('['.repeat(2_000))}`,
      `Action=AssumeRole&RoleSessionName=test&${Array.from({ length: 60 }, (_, i) => `Tags.member.${i}.Key=${i}`).join('&')}`,
      `Action=AssumeRoleWithWebIdentity&RoleSessionName=test&WebIdentityToken=${random.of(['', 'a.b.c', 'e30.e30.', 'x'.repeat(30_000)])}`,
    ]),
  );
  const type = 'application/x-www-form-urlencoded';
  return { what: 'STS', method: 'POST', path: '/', headers: sign('sts', { 'content-type': type }, body), body };
}

function elsewhere(random: Random, sign: Signer): FuzzRequest {
  const path = random.of([
    '//',
    '/..',
    '/%zz',
    '/?',
    '/?a=%',
    '*',
    '/_keysmith/faults',
    '/_keysmith/%00',
    `/${'x'.repeat(3_000)}`,
  ]);
  const method = random.of(['GET', 'PUT', 'DELETE', 'POST', 'OPTIONS', 'PATCH']);
  const headers = sign('kms', { 'x-keysmith-via': random.text(3).replace(/[^ -~]/g, '') }, Buffer.alloc(0));
  return { what: `${method} ${path.slice(0, 20)}`, method, path, headers, body: Buffer.alloc(0) };
}
