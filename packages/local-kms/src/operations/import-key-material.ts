import type { KeyMaterial } from '../crypto/material.ts';
import { keepImport, materialFor } from '../import/imported-material.ts';
import { openToken } from '../import/token.ts';
import { unwrap } from '../import/unwrap.ts';
import { wrappingPair } from '../import/wrapping-keys.ts';
import type { ImportedMaterial, Key } from '../state/key.ts';
import { faults } from '../wire/texts.ts';
import { requireExpiration, requireFuture, requireImported } from './import-checks.ts';
import { REQUIRED_KEY_ID } from './members.ts';
import { type Call, keyIn, operation } from './operation.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_ImportKeyMaterial.html */
export const importKeyMaterial = operation({
  input: {
    KeyId: REQUIRED_KEY_ID,
    ImportToken: { type: 'blob', min: 1, max: 6144, required: true },
    EncryptedKeyMaterial: { type: 'blob', min: 1, max: 6144, required: true },
    ValidTo: { type: 'timestamp' },
    ExpirationModel: { type: 'string', values: ['KEY_MATERIAL_EXPIRES', 'KEY_MATERIAL_DOES_NOT_EXPIRE'] },
    ImportType: { type: 'string', values: ['NEW_KEY_MATERIAL', 'EXISTING_KEY_MATERIAL'] },
    KeyMaterialDescription: { type: 'string', min: 0, max: 256, pattern: /^[a-zA-Z0-9:/_\s.-]*$/ },
    KeyMaterialId: { type: 'string', min: 64, max: 64, pattern: /^[a-f0-9]+$/ },
  },
  keys: [{ role: 'key', member: 'KeyId', alias: false }],
  permissions: [{ action: 'kms:ImportKeyMaterial', on: 'key' }],
  states: 'importing',
  usages: [],
  event: { readOnly: false },
  check: requireExpiration,
  run(input, keys, call) {
    const key = keyIn(keys, 'key');
    requireImported(key);
    requireFuture(input.ValidTo, call.now);
    requireSymmetricMembers(key, input);
    const material = openMaterial(key, input, call);
    const before = key.imports.find(({ id }) => id === material.id);
    const pendingRotation = decide(key, material.id, input);
    keepImport(call.world.store, key, {
      id: material.id,
      material,
      expiresAt: input.ValidTo,
      description: input.KeyMaterialDescription ?? before?.description,
      pendingRotation,
    });
    return { KeyId: key.arn, ...(key.spec === 'SYMMETRIC_DEFAULT' && { KeyMaterialId: material.id }) };
  },
});

interface Choice {
  readonly ImportType?: 'NEW_KEY_MATERIAL' | 'EXISTING_KEY_MATERIAL';
  readonly KeyMaterialDescription?: string;
  readonly KeyMaterialId?: string;
}

function requireSymmetricMembers(key: Key, input: Choice): void {
  if (key.spec === 'SYMMETRIC_DEFAULT') return;
  for (const member of ['ImportType', 'KeyMaterialDescription', 'KeyMaterialId'] as const) {
    if (input[member] !== undefined) throw faults.unworded(`${member} is for symmetric encryption keys only`);
  }
}

function openMaterial(
  key: Key,
  input: { readonly ImportToken: Uint8Array; readonly EncryptedKeyMaterial: Uint8Array },
  { world, now }: Call,
): KeyMaterial {
  const token = openToken(world.store.importSealingKey, input.ImportToken);
  if (token === undefined) throw faults.invalidImportToken('this local KMS did not issue the token');
  if (token.keyArn !== key.arn) throw faults.invalidImportToken('the token is for another key');
  if (token.validTo <= now) throw faults.expiredImportToken();
  const { privateKey } = wrappingPair(world.store.wrappingPairs, token.wrappingKeySpec);
  const bytes = unwrap(privateKey, token.algorithm, input.EncryptedKeyMaterial);
  if (bytes === undefined) {
    throw faults.invalidCiphertext(`the material cannot be unwrapped by ${token.algorithm} with the key of the token`);
  }
  const material = materialFor(key, bytes);
  bytes.fill(0);
  if (material === undefined) throw faults.incorrectMaterial(`the material is none for a key of spec ${key.spec}`);
  return material;
}

/**
 * Whether the material waits for a rotation.
 * @throws Fault where the key does not take it
 */
function decide(key: Key, id: string, input: Choice): boolean {
  const known = [...key.imports, ...importsOfPrimary(key)];
  const before = known.find((one) => one.id === id);
  const type = input.ImportType ?? (known.length === 0 ? 'NEW_KEY_MATERIAL' : 'EXISTING_KEY_MATERIAL');
  if (type === 'EXISTING_KEY_MATERIAL') {
    if (before === undefined) throw faults.incorrectMaterial('it is not a material that was imported before');
    if (input.KeyMaterialId !== undefined && input.KeyMaterialId !== id) {
      throw faults.incorrectMaterial('it is not the material of KeyMaterialId');
    }
    return before.pendingRotation;
  }
  if (input.KeyMaterialId !== undefined) throw faults.unworded('KeyMaterialId does not go with NEW_KEY_MATERIAL');
  if (key.family[0] !== key) throw faults.unsupported('new material is imported into the primary key first');
  if (before !== undefined) throw faults.incorrectMaterial('it is a material that was imported before');
  const waiting = key.imports.find(({ pendingRotation }) => pendingRotation);
  if (waiting !== undefined) throw faults.materialPending(key.arn, id, waiting.id);
  return key.imports.length > 0;
}

function importsOfPrimary(key: Key): readonly ImportedMaterial[] {
  const [primary] = key.family;
  return primary === undefined || primary === key ? [] : primary.imports;
}
