import { currentImport } from '../import/imported-material.ts';
import { partitionOf } from './arn.ts';
import { currentMaterial, type Key } from './key.ts';
import { algorithmsOf, type KeyUsage } from './key-specs.ts';

/** The member of KeyMetadata that lists the algorithms, by key usage. */
const ALGORITHMS_MEMBER: Readonly<Record<KeyUsage, string>> = {
  ENCRYPT_DECRYPT: 'EncryptionAlgorithms',
  SIGN_VERIFY: 'SigningAlgorithms',
  GENERATE_VERIFY_MAC: 'MacAlgorithms',
  KEY_AGREEMENT: 'KeyAgreementAlgorithms',
  ENCAPSULATE_DECAPSULATE: 'EncapsulationAlgorithms',
};

/** `KeyMetadata` of a key, with exactly the members that KMS gives: those that do not apply are absent. */
export function keyMetadata(key: Key): Record<string, unknown> {
  const shown = key.spec === 'SYMMETRIC_DEFAULT' && key.state !== 'Creating';
  const materialId = shown ? (currentImport(key) ?? currentMaterial(key))?.id : undefined;
  return {
    AWSAccountId: key.account,
    Arn: key.arn,
    CreationDate: key.createdAt,
    ...(materialId !== undefined && { CurrentKeyMaterialId: materialId }),
    CustomerMasterKeySpec: key.spec,
    ...(key.deletion?.at && { DeletionDate: key.deletion.at }),
    Description: key.description,
    Enabled: key.state === 'Enabled',
    ...algorithmLists(key),
    ...expiration(key),
    KeyId: key.id,
    KeyManager: 'CUSTOMER',
    KeySpec: key.spec,
    KeyState: key.state,
    KeyUsage: key.usage,
    MultiRegion: key.multiRegion,
    ...(key.multiRegion && { MultiRegionConfiguration: multiRegionConfiguration(key) }),
    Origin: key.origin,
    // The one state in which the date of deletion is not known.
    ...(key.state === 'PendingReplicaDeletion' && { PendingDeletionWindowInDays: key.deletion?.windowInDays }),
  };
}

/** The one list of algorithms that a key has, under the name that it has in KeyMetadata and in GetPublicKey's answer. */
export function algorithmLists({ spec, usage }: Key): Record<string, unknown> {
  return { [ALGORITHMS_MEMBER[usage]]: algorithmsOf(spec, usage) };
}

/** `PRIMARY` or `REPLICA`; undefined for a single-Region key. */
export function regionTypeOf(key: Key): 'PRIMARY' | 'REPLICA' | undefined {
  if (!key.multiRegion) return undefined;
  return key.family[0] === key ? 'PRIMARY' : 'REPLICA';
}

function multiRegionConfiguration(key: Key): Record<string, unknown> {
  const [primary = key, ...replicas] = key.family;
  const named = ({ arn, region }: Key) => ({ Arn: arn, Region: region });
  return { MultiRegionKeyType: regionTypeOf(key), PrimaryKey: named(primary), ReplicaKeys: replicas.map(named) };
}

function expiration(key: Key): Record<string, unknown> {
  const current = currentImport(key);
  if (current?.material === undefined) return {};
  return current.expiresAt === undefined
    ? { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' }
    : { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: current.expiresAt };
}

/** The key policy that a key has when nobody gives it one. It hands every decision to the account's IAM policies. */
export function defaultKeyPolicy(account: string, region: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Id: 'key-default-1',
    Statement: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: `arn:${partitionOf(region)}:iam::${account}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  });
}
