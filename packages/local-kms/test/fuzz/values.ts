import type { Member, Schema } from '../../src/operations/schema.ts';
import type { Random } from './random.ts';

/** Things that exist, so that requests get further than "there is no such key". */
export interface Known {
  readonly keyIds: readonly string[];
  readonly ciphertexts: readonly string[];
  readonly grants: readonly { readonly id: string; readonly token: string }[];
}

/** What no member takes, whatever its type. */
const WRONG: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1.5, 1e308, 2 ** 53 + 2, '', ' ', [], {}, [null], [[]], [{}]],
  ...['__proto__', 'constructor', 'toString', '\u0000', 'null', '../../etc/passwd', '%n%s', 'arn:', 'alias/'],
  ...['====', 'AA=A', 'A', 'AAA', '_-_-', 'é', '\ud800', 'AAAA\nAAAA', 'arn:aws:kms:us-east-1:111122223333:key/'],
  { __proto__: null, toString: 1 },
  JSON.parse('{"__proto__":{"polluted":true}}'),
  JSON.parse('{"constructor":{"prototype":{"polluted":true}}}'),
];

/** Key pairs that take seconds to make: they would say nothing more. */
const SLOW = /^RSA_|^ML_DSA/;

/** A value for a member: right most of the time. */
export function valueFor(name: string, member: Member, random: Random, known: Known): unknown {
  if (random.chance(6)) return wrongFor(random);
  switch (member.type) {
    case 'string':
      return textFor(name, member, random, known);
    case 'number':
      return random.of([member.min ?? 0, member.max ?? 1000, (member.max ?? 1000) + 1, (member.min ?? 0) - 1, 100, 7]);
    case 'boolean':
      return random.chance(2);
    case 'timestamp':
      return random.of([0, Date.now() / 1000 + 3600, -1, 8.64e12, 8.65e12, 1.5]);
    case 'blob': {
      if (/ciphertext/i.test(name) && random.chance(2)) return random.of(known.ciphertexts);
      const length = random.of([member.min, member.max, member.max + 1, 0, 1, 16, 32, 33, 140, 184]);
      return Buffer.alloc(Math.min(length, 300_000), random.int(256)).toString('base64');
    }
    case 'map':
      return Object.fromEntries(
        Array.from({ length: random.int(4) }, () => [pairName(random), random.of(['a', '', 'b'])]),
      );
    case 'list': {
      const length = random.of([0, 1, 1, 2, (member.max ?? 3) + 1]);
      return Array.from({ length }, () => valueFor(name, member.of, random, known));
    }
    case 'structure':
      return membersFor(member.members, random, known);
  }
}

function pairName(random: Random): string {
  return random.of(['tenant', 'service', '__proto__', 'constructor', '', 'aws:x', random.text(3)]);
}

function wrongFor(random: Random): unknown {
  switch (random.int(6)) {
    case 0:
      return random.text(random.of([1, 20, 300]));
    case 1:
      return 'x'.repeat(random.of([257, 2049, 8193, 140_000]));
    case 2:
      return nested(random.of([3, 50]));
    default:
      return random.of(WRONG);
  }
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i += 1) value = i % 2 === 0 ? [value] : { a: value };
  return value;
}

function textFor(
  name: string,
  { values, min = 0, max = 100 }: Extract<Member, { type: 'string' }>,
  random: Random,
  { keyIds, grants }: Known,
): string {
  if (values !== undefined)
    return random.of(values.filter((one) => !SLOW.test(one)).concat(random.chance(9) ? 'NONE' : []));
  if (/GrantToken/.test(name)) return random.of(grants).token;
  if (name === 'GrantId') return random.of(grants).id;
  if (/KeyId|TargetKeyId/.test(name)) return random.of(keyIds);
  if (/Alias/.test(name)) return `alias/${random.of(['a', 'b', 'aws/x', 'ledger', random.text(4)])}`;
  if (/Region/.test(name)) return random.of(['us-east-1', 'eu-west-1', 'mars-1']);
  if (name === 'Policy') return random.of(POLICIES);
  if (/Marker/.test(name)) return random.of(['x', Buffer.from('0').toString('base64'), '9'.repeat(30), random.text(9)]);
  return random.of([
    'x'.repeat(Math.min(min, 200_000)),
    'x'.repeat(Math.min(max, 200_000) + 1),
    'default',
    random.text(12),
  ]);
}

const ALLOW = { Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'kms:*', Resource: '*' };
const POLICIES = [
  JSON.stringify({ Version: '2012-10-17', Statement: [ALLOW] }),
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ ...ALLOW, Condition: { StringLike: { __proto__x: '*a*'.repeat(200) } } }],
  }),
  JSON.stringify({ Statement: { Effect: 'Deny' } }),
  JSON.stringify({ Version: '2012-10-17', Statement: Array.from({ length: 400 }, () => ALLOW) }),
  '{}',
  '[]',
  'null',
  '"',
  '{"Version":"2012-10-17","Statement":'.repeat(60),
  '['.repeat(5_000),
];

/** Members of an operation: some left out, some of them wrong, some that nobody knows. */
export function membersFor(schema: Schema, random: Random, known: Known): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(schema)) {
    if (member.required === true ? random.chance(20) : !random.chance(3)) continue;
    input[name] = valueFor(name, member, random, known);
  }
  if (random.chance(8)) input[random.of(['Unknown', 'keyId', 'hasOwnProperty', '__proto__'])] = random.of(WRONG);
  return input;
}
