import { newCall, performKms } from '../src/call/kms-call.ts';
import { build } from '../src/create.ts';
import { OPERATION_TABLE } from '../src/operations/table.ts';
import { settingsOf } from '../src/options.ts';
import type { Key, KeyState } from '../src/state/key.ts';
import { partitionFor } from '../src/state/store.ts';

const ACCOUNT = '111122223333';
const [HERE, THERE] = ['us-east-1', 'eu-west-1'];
const { world } = build(settingsOf({ mode: 'off' }));

/** A call without a client, so that the thousand of them cost little. */
function call(operation: string, body: object) {
  const request = newCall(world, {
    method: 'POST',
    path: '/',
    query: [],
    headers: new Map([['x-amz-target', `TrentService.${operation}`]]),
    body: Buffer.from(JSON.stringify(body)),
    sourceAddress: '127.0.0.1',
  });
  const performed = performKms(world, request);
  if ('until' in performed || !('body' in performed.answer)) throw new Error('the call was not answered');
  const { answer } = performed;
  const text = answer.body;
  return { status: answer.status, body: (text === '' ? {} : JSON.parse(text)) as Record<string, string> };
}

function succeed(operation: string, body: object): Record<string, string> {
  const { status, body: answer } = call(operation, body);
  if (status !== 200) throw new Error(`${operation}: ${JSON.stringify(answer)}`);
  return answer;
}

const COLUMNS: readonly KeyState[] = [
  'Enabled',
  'Disabled',
  'PendingDeletion',
  'PendingReplicaDeletion',
  'PendingImport',
  'Unavailable',
  'Creating',
  'Updating',
];

/** What each mark stands for, as the end of the message. `-`: AWS's table has nothing, or the state cannot be here. */
const MARKS: Readonly<Record<string, RegExp>> = {
  D: /^DisabledException: .* is disabled\.$/,
  P: /^KMSInvalidStateException: .* is pending deletion\.$/,
  R: /^KMSInvalidStateException: .* is pending replica deletion\.$/,
  I: /^KMSInvalidStateException: .* is pending import\.$/,
  X: /^KMSInvalidStateException: .* is unavailable\.$/,
  C: /^KMSInvalidStateException: .* is creating\.$/,
  U: /^KMSInvalidStateException: .* is updating\.$/,
  N: /^KMSInvalidStateException: .* is not pending deletion\.$/,
  O: /^UnsupportedOperationException/,
};

interface Case {
  readonly spec?: string;
  readonly usage?: string;
  /** A key whose material is imported, where the state is PendingImport. */
  readonly external?: true;
  readonly multiRegion?: true;
  /** What the call needs from when the key was still enabled. */
  readonly body?: (KeyId: string) => object;
}

const ECC = { spec: 'ECC_NIST_P256', usage: 'SIGN_VERIFY' };
const HMAC = { spec: 'HMAC_256', usage: 'GENERATE_VERIFY_MAC' };
const KEM = { spec: 'ML_KEM_512', usage: 'ENCAPSULATE_DECAPSULATE' };
const ECDH = { spec: 'ECC_NIST_P256', usage: 'KEY_AGREEMENT' };
const signing = { Message: 'AAAA', SigningAlgorithm: 'ECDSA_SHA_256' };
const mac = { Message: 'AAAA', MacAlgorithm: 'HMAC_SHA_256' };
const kem = { EncapsulationAlgorithm: 'ML_KEM' };
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const blobOf = (KeyId: string) => succeed('Encrypt', { KeyId, Plaintext: 'AAAA' })['CiphertextBlob'];
const grantOf = (KeyId: string) =>
  succeed('CreateGrant', { KeyId, GranteePrincipal: ROOT, Operations: ['DescribeKey'] })['GrantId'];
let names = 0;
function aliasOf(TargetKeyId: string): string {
  const AliasName = `alias/number-${names++}`;
  succeed('CreateAlias', { AliasName, TargetKeyId });
  return AliasName;
}
const newKey = (input: object = {}) =>
  (call('CreateKey', input).body['KeyMetadata'] as unknown as Key & { KeyId: string }).KeyId;
const policy = () =>
  JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: { AWS: ROOT }, Action: 'kms:*', Resource: '*' }] });

/** The published table, one mark for each column; then how each operation is called so that it succeeds where it may. */
const TABLE: readonly (readonly [string, string, Case])[] = [
  ['Encrypt', 'ok D P R I X C ok', { body: () => ({ Plaintext: 'AAAA' }) }],
  ['Decrypt', 'ok D P R I X C ok', { body: (KeyId) => ({ CiphertextBlob: blobOf(KeyId) }) }],
  [
    'ReEncrypt',
    'ok D P R I X C ok',
    { body: (KeyId) => ({ KeyId: undefined, CiphertextBlob: blobOf(KeyId), DestinationKeyId: KeyId }) },
  ],
  ['GenerateDataKey', 'ok D P R I X C ok', { body: () => ({ KeySpec: 'AES_256' }) }],
  ['GenerateDataKeyWithoutPlaintext', 'ok D P R I X C ok', { body: () => ({ KeySpec: 'AES_256' }) }],
  ['GenerateDataKeyPair', 'ok D P R I X C ok', { body: () => ({ KeyPairSpec: 'ECC_NIST_P256' }) }],
  ['GenerateDataKeyPairWithoutPlaintext', 'ok D P R I X C ok', { body: () => ({ KeyPairSpec: 'ECC_NIST_P256' }) }],
  ['Sign', 'ok D P R I - C ok', { ...ECC, body: () => signing }],
  [
    'Verify',
    'ok D P R I - C ok',
    { ...ECC, body: (KeyId) => ({ ...signing, Signature: succeed('Sign', { KeyId, ...signing })['Signature'] }) },
  ],
  ['GenerateMac', 'ok D P R I - C ok', { ...HMAC, body: () => mac }],
  [
    'VerifyMac',
    'ok D P R I - C ok',
    { ...HMAC, body: (KeyId) => ({ ...mac, Mac: succeed('GenerateMac', { KeyId, ...mac })['Mac'] }) },
  ],
  ['GetPublicKey', 'ok D P R I - C ok', ECC],
  [
    'DeriveSharedSecret',
    'ok D P R I X C ok',
    {
      ...ECDH,
      body: (KeyId) => ({ KeyAgreementAlgorithm: 'ECDH', PublicKey: succeed('GetPublicKey', { KeyId })['PublicKey'] }),
    },
  ],
  ['Encapsulate', 'ok D P R I X C ok', { ...KEM, body: () => kem }],
  [
    'Decapsulate',
    'ok D P R I X C ok',
    { ...KEM, body: () => ({ ...kem, SharedSecretCiphertextBlob: Buffer.alloc(768).toString('base64') }) },
  ],
  ['CreateGrant', 'ok D P R I ok C ok', { body: () => ({ GranteePrincipal: ROOT, Operations: ['Decrypt'] }) }],
  ['ReplicateKey', 'ok D P R I - C U', { multiRegion: true, body: () => ({ ReplicaRegion: 'us-west-2' }) }],
  ['UpdatePrimaryRegion', 'ok D P R I - C ok', { multiRegion: true, body: () => ({ PrimaryRegion: THERE }) }],
  ['DescribeKey', 'ok ok ok ok ok ok ok ok', {}],
  ['GetKeyPolicy', 'ok ok ok ok ok ok ok ok', {}],
  ['PutKeyPolicy', 'ok ok ok ok ok ok ok ok', { body: () => ({ Policy: policy() }) }],
  ['ListAliases', 'ok ok ok ok ok ok ok ok', {}],
  ['ListGrants', 'ok ok ok ok ok ok ok ok', {}],
  ['ListKeyPolicies', 'ok ok ok ok ok ok ok ok', {}],
  ['ListResourceTags', 'ok ok ok ok ok ok ok ok', {}],
  ['ListKeyRotations', 'ok ok ok ok ok ok ok ok', {}],
  ['GetKeyLastUsage', 'ok ok ok ok ok ok ok ok', {}],
  ['RetireGrant', 'ok ok ok ok ok ok ok ok', { body: (KeyId) => ({ GrantId: grantOf(KeyId) }) }],
  ['RevokeGrant', 'ok ok ok ok ok ok ok ok', { body: (KeyId) => ({ GrantId: grantOf(KeyId) }) }],
  ['DeleteAlias', 'ok ok ok ok ok ok ok ok', { body: (KeyId) => ({ AliasName: aliasOf(KeyId) }) }],
  [
    'CreateAlias',
    'ok ok P R ok ok ok ok',
    { body: (KeyId) => ({ AliasName: `alias/number-${names++}`, TargetKeyId: KeyId }) },
  ],
  ['TagResource', 'ok ok P R ok ok ok ok', { body: () => ({ Tags: [{ TagKey: 'a', TagValue: 'b' }] }) }],
  ['UntagResource', 'ok ok P R ok ok ok ok', { body: () => ({ TagKeys: ['a'] }) }],
  ['UpdateKeyDescription', 'ok ok P R ok ok ok ok', { body: () => ({ Description: 'b' }) }],
  ['UpdateAlias', 'ok ok P R ok ok ok ok', { body: (KeyId) => ({ AliasName: aliasOf(newKey()), TargetKeyId: KeyId }) }],
  [
    'UpdateAlias',
    'ok ok ok ok ok ok ok ok',
    { body: (KeyId) => ({ AliasName: aliasOf(KeyId), TargetKeyId: newKey() }) },
  ],
  ['EnableKey', 'ok ok P R I - C U', {}],
  ['DisableKey', 'ok ok P R I - C U', {}],
  ['ScheduleKeyDeletion', 'ok ok P R ok ok ok U', {}],
  ['CancelKeyDeletion', 'N N ok ok N N N N', {}],
  ['EnableKeyRotation', 'ok D P R O - C ok', { external: true }],
  ['DisableKeyRotation', 'ok D P R O - C ok', { external: true }],
  ['GetKeyRotationStatus', 'ok ok ok ok O - ok ok', { external: true }],
  ['RotateKeyOnDemand', 'ok D P R I - C ok', { external: true }],
  ['EnableKeyRotation', 'O D P R - - C O', HMAC],
  ['RotateKeyOnDemand', 'O D P R I - C O', HMAC],
];

function keyFor(state: KeyState, { spec, usage, external, multiRegion }: Case): string {
  const KeyId = newKey({
    ...(spec !== undefined && { KeySpec: spec, KeyUsage: usage }),
    ...(external && state === 'PendingImport' && { Origin: 'EXTERNAL' }),
    ...(multiRegion && { MultiRegion: true }),
  });
  if (multiRegion) succeed('ReplicateKey', { KeyId, ReplicaRegion: THERE });
  return KeyId;
}

describe.each(TABLE)('%s: %s', (operation, marks, how) => {
  test.each(marks.split(' ').map((mark, column) => [COLUMNS[column] ?? 'Enabled', mark] as const))(
    '%s: %s',
    (state, mark) => {
      if (mark === '-') return;
      const KeyId = keyFor(state, how);
      const body = { KeyId, ...how.body?.(KeyId) };
      const key = partitionFor(world.store, ACCOUNT, HERE).keys.get(KeyId);
      if (key === undefined) throw new Error('the key is not there');
      key.state = state;
      if (state.startsWith('Pending') && state.endsWith('Deletion')) {
        key.deletion = { windowInDays: 7, at: new Date(Date.now() + 1e9) };
      }
      const { status, body: answer } = call(operation, body);
      const told = status === 200 ? 'ok' : `${answer['__type']}: ${answer['message']}`;
      const expected = MARKS[mark];
      if (expected === undefined) expect(told).toBe('ok');
      else expect(told).toMatch(expected);
    },
  );
});

test('every operation on a key is in the table', () => {
  /** Imports have tests of their own. */
  const elsewhere = ['DeleteImportedKeyMaterial', 'GetParametersForImport', 'ImportKeyMaterial'];
  const onKeys = [...OPERATION_TABLE].filter(([, { keys }]) => keys.length > 0).map(([name]) => name);
  const here = new Set(TABLE.map(([name]) => name));
  expect(onKeys.filter((name) => !here.has(name) && !elsewhere.includes(name))).toEqual([]);
});
