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
  const material = currentMaterial(key);
  return {
    AWSAccountId: key.account,
    Arn: key.arn,
    CreationDate: key.createdAt,
    ...(material && { CurrentKeyMaterialId: material.id }),
    CustomerMasterKeySpec: key.spec,
    ...(key.deletion && { DeletionDate: key.deletion.at }),
    Description: key.description,
    Enabled: key.state === 'Enabled',
    [ALGORITHMS_MEMBER[key.usage]]: algorithmsOf(key.spec, key.usage),
    KeyId: key.id,
    KeyManager: 'CUSTOMER',
    KeySpec: key.spec,
    KeyState: key.state,
    KeyUsage: key.usage,
    MultiRegion: key.multiRegion,
    ...(key.multiRegion && {
      MultiRegionConfiguration: {
        MultiRegionKeyType: 'PRIMARY',
        PrimaryKey: { Arn: key.arn, Region: key.region },
        ReplicaKeys: [],
      },
    }),
    Origin: key.origin,
  };
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
