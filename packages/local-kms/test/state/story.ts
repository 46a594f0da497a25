import { constants, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto';
import type { LocalKms } from '@cdk-keysmith/local-kms';

type Answer = Readonly<Record<string, unknown>>;
/** Calls an operation, and throws unless it succeeds. */
export type Ask = (operation: string, body: unknown) => Promise<Answer>;

const idOf = (answer: Answer) => (answer['KeyMetadata'] as { KeyId: string }).KeyId;
const PRINCIPAL = 'arn:aws:iam::111122223333:root';

/** A key of everything that can be remembered, and what KMS tells of it. */
export async function provenance(
  kms: LocalKms,
  ask: Ask,
): Promise<{ keys: number; check: (again: Ask) => Promise<void> }> {
  const policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: PRINCIPAL }, Action: 'kms:*', Resource: '*' }],
  });
  const Tags = [{ TagKey: 'b', TagValue: '1' }];
  const KeyId = idOf(await ask('CreateKey', { Description: 'first', Tags, Policy: policy }));
  await ask('TagResource', { KeyId, Tags: [{ TagKey: 'a', TagValue: '2' }] });
  await ask('CreateAlias', { AliasName: 'alias/of-a-call', TargetKeyId: KeyId });
  await ask('EnableKeyRotation', { KeyId, RotationPeriodInDays: 100 });
  const old = await ask('Encrypt', { KeyId, Plaintext: 'AAAA', EncryptionContext: { a: 'b' } });
  await ask('RotateKeyOnDemand', { KeyId });
  const current = await ask('Encrypt', { KeyId, Plaintext: 'BBBB' });
  const grant = await ask('CreateGrant', {
    ...{ KeyId, GranteePrincipal: PRINCIPAL, Operations: ['Decrypt', 'RetireGrant'], Name: 'one' },
    Constraints: { EncryptionContextSubset: { a: 'b' } },
  });
  const revoked = await ask('CreateGrant', { KeyId, GranteePrincipal: PRINCIPAL, Operations: ['Decrypt'] });
  await ask('RevokeGrant', { KeyId, GrantId: revoked['GrantId'] });

  const mrk = idOf(await ask('CreateKey', { MultiRegion: true }));
  await ask('ReplicateKey', { KeyId: mrk, ReplicaRegion: 'eu-west-1' });
  await ask('ScheduleKeyDeletion', { KeyId: mrk, PendingWindowInDays: 9 });

  const dying = idOf(await ask('CreateKey', {}));
  await ask('ScheduleKeyDeletion', { KeyId: dying, PendingWindowInDays: 8 });
  const disabled = idOf(await ask('CreateKey', {}));
  await ask('DisableKey', { KeyId: disabled });

  const imported = idOf(await ask('CreateKey', { Origin: 'EXTERNAL' }));
  const parameters = { KeyId: imported, WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' };
  const { PublicKey, ImportToken } = await ask('GetParametersForImport', parameters);
  const EncryptedKeyMaterial = wrapped(String(PublicKey), randomBytes(32));
  const validTo = Math.floor(kms.clock.now().getTime() / 1000) + 86_400;
  const material = { ImportToken, EncryptedKeyMaterial, ValidTo: validTo, KeyMaterialDescription: 'mine' };

  const told = async (again: Ask) => ({
    keys: await Promise.all([KeyId, mrk, dying, disabled].map((id) => again('DescribeKey', { KeyId: id }))),
    rotation: await again('GetKeyRotationStatus', { KeyId }),
    rotations: await again('ListKeyRotations', { KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }),
    policy: await again('GetKeyPolicy', { KeyId }),
    tags: await again('ListResourceTags', { KeyId }),
    aliases: await again('ListAliases', { KeyId }),
    grants: await again('ListGrants', { KeyId }),
    use: await again('GetKeyLastUsage', { KeyId }),
  });
  const before = await told(ask);
  return {
    keys: 6,
    async check(again) {
      expect(await told(again)).toEqual(before);
      // The token was given out before, and so was the wrapping key.
      await again('ImportKeyMaterial', { KeyId: imported, ...material });
      expect(await again('DescribeKey', { KeyId: imported })).toMatchObject({
        KeyMetadata: { KeyState: 'Enabled', ValidTo: validTo },
      });
      const { CiphertextBlob } = old;
      expect(await again('Decrypt', { CiphertextBlob, EncryptionContext: { a: 'b' } })).toMatchObject({
        Plaintext: 'AAAA',
      });
      expect(await again('Decrypt', { CiphertextBlob: current['CiphertextBlob'] })).toMatchObject({
        Plaintext: 'BBBB',
      });
      await again('RetireGrant', { GrantToken: grant['GrantToken'] });
      expect(await again('ListGrants', { KeyId })).toMatchObject({ Grants: [] });
    },
  };
}

function wrapped(publicKey: string, bytes: Uint8Array): string {
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return publicEncrypt({ key, padding, oaepHash: 'sha256' }, bytes).toString('base64');
}

const SPECS: readonly (readonly [spec: string, usage: string])[] = [
  ['ECC_NIST_P384', 'KEY_AGREEMENT'],
  ['ECC_NIST_EDWARDS25519', 'SIGN_VERIFY'],
  ['ECC_SECG_P256K1', 'SIGN_VERIFY'],
  ['ML_DSA_44', 'SIGN_VERIFY'],
  ['ML_KEM_512', 'ENCAPSULATE_DECAPSULATE'],
];

/** Asymmetric keys with their public keys; of the last one nobody has asked for it. */
export async function newSpecs(ask: Ask): Promise<readonly { KeyId: string; PublicKey: unknown }[]> {
  const keys = [];
  for (const [KeySpec, KeyUsage] of SPECS) {
    const KeyId = idOf(await ask('CreateKey', { KeySpec, KeyUsage }));
    keys.push({ KeyId, PublicKey: (await ask('GetPublicKey', { KeyId }))['PublicKey'] });
  }
  const unused = idOf(await ask('CreateKey', { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }));
  return [...keys, { KeyId: unused, PublicKey: expect.any(String) }];
}
