import { currentImport, forgetMaterial } from '../import/imported-material.ts';
import { faults } from '../wire/texts.ts';
import { requireImported } from './import-checks.ts';
import { REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_DeleteImportedKeyMaterial.html */
export const deleteImportedKeyMaterial = operation({
  input: {
    KeyId: REQUIRED_KEY_ID,
    KeyMaterialId: { type: 'string', min: 64, max: 64, pattern: /^[a-f0-9]+$/ },
  },
  keys: [{ role: 'key', member: 'KeyId', alias: false }],
  permissions: [{ action: 'kms:DeleteImportedKeyMaterial', on: 'key' }],
  states: 'deletingMaterial',
  usages: [],
  event: { readOnly: false },
  run(input, keys) {
    const key = keyIn(keys, 'key');
    requireImported(key);
    const { KeyMaterialId: asked } = input;
    if (asked !== undefined && !key.imports.some(({ id }) => id === asked)) {
      throw faults.incorrectMaterial('the key has no material of this id');
    }
    const id = asked ?? currentImport(key)?.id;
    // Nothing was ever imported: nothing happens, as with a material that is gone already.
    if (id !== undefined) forgetMaterial(key, id);
    return { KeyId: key.arn, ...(id !== undefined && key.spec === 'SYMMETRIC_DEFAULT' && { KeyMaterialId: id }) };
  },
});
