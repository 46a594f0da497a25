import { publicKeyDer } from '../crypto/public-key.ts';
import { algorithmLists } from '../state/metadata.ts';
import { faults } from '../wire/texts.ts';
import { usableMaterial } from './encryption.ts';
import { isSymmetric } from './grants.ts';
import { GRANT_TOKENS, REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_GetPublicKey.html */
export const getPublicKey = operation({
  input: { KeyId: REQUIRED_KEY_ID, GrantTokens: GRANT_TOKENS },
  keys: [{ role: 'key', member: 'KeyId', alias: true }],
  permissions: [{ action: 'kms:GetPublicKey', on: 'key' }],
  states: 'cryptographic',
  usages: [],
  event: { readOnly: true },
  run(_input, keys) {
    const key = keyIn(keys, 'key');
    if (isSymmetric(key)) throw faults.unsupported(`a key of spec ${key.spec} has no public key`);
    return {
      CustomerMasterKeySpec: key.spec,
      ...algorithmLists(key),
      KeyId: key.arn,
      KeySpec: key.spec,
      KeyUsage: key.usage,
      PublicKey: publicKeyDer(key.spec, usableMaterial(key).secret),
    };
  },
});
