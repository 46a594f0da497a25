import { associatedImports, waitingImport } from '../import/imported-material.ts';
import type { ImportedMaterial, Key } from '../state/key.ts';
import { pageInOrder } from '../state/pages.ts';
import { LIMIT, MARKER, REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';
import { requireSymmetric } from './rotation-checks.ts';

const DEFAULT_LIMIT = 100;

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeyRotations.html */
export const listKeyRotations = operation({
  input: {
    KeyId: REQUIRED_KEY_ID,
    IncludeKeyMaterial: { type: 'string', values: ['ALL_KEY_MATERIAL', 'ROTATIONS_ONLY'] },
    Limit: LIMIT,
    Marker: MARKER,
  },
  keys: [{ role: 'key', member: 'KeyId', alias: false }],
  permissions: [{ action: 'kms:ListKeyRotations', on: 'key' }],
  states: 'any',
  usages: [],
  event: { readOnly: true },
  run({ IncludeKeyMaterial = 'ROTATIONS_ONLY', Limit = DEFAULT_LIMIT, Marker }, keys) {
    const key = keyIn(keys, 'key');
    requireSymmetric(key);
    const all = materialsOf(key).map((material) => entryOf(key, material));
    // The first material came by no rotation, and one that waits has not come yet.
    const shown = IncludeKeyMaterial === 'ALL_KEY_MATERIAL' ? all : all.filter((one) => 'RotationDate' in one);
    const scope = `ListKeyRotations ${key.arn} ${IncludeKeyMaterial}`;
    const { items, nextMarker } = pageInOrder(shown, scope, Limit, Marker);
    return {
      ...(nextMarker !== undefined && { NextMarker: nextMarker }),
      Rotations: items,
      Truncated: nextMarker !== undefined,
    };
  },
});

type Listed = Pick<ImportedMaterial, 'id'> & { readonly imported?: ImportedMaterial };

/** Oldest first. */
function materialsOf(key: Key): readonly Listed[] {
  if (key.origin !== 'EXTERNAL') return key.materials;
  return associatedImports(key).map((imported) => ({ id: imported.id, imported }));
}

function entryOf(key: Key, { id, imported }: Listed): Record<string, unknown> {
  const rotated = key.rotation.past.find(({ materialId }) => materialId === id);
  return {
    ...(imported && importMembers(imported)),
    KeyId: key.id,
    KeyMaterialId: id,
    KeyMaterialState: stateOf(key, id, imported?.pendingRotation === true),
    ...(rotated && { RotationDate: rotated.at, RotationType: rotated.type }),
  };
}

function importMembers({ material, expiresAt, description }: ImportedMaterial): Record<string, unknown> {
  return {
    ...(material && {
      ExpirationModel: expiresAt === undefined ? 'KEY_MATERIAL_DOES_NOT_EXPIRE' : 'KEY_MATERIAL_EXPIRES',
    }),
    ImportState: material === undefined ? 'PENDING_IMPORT' : 'IMPORTED',
    ...(description !== undefined && { KeyMaterialDescription: description }),
    ...(expiresAt && { ValidTo: expiresAt }),
  };
}

function stateOf(key: Key, id: string, waits: boolean): string {
  if (!waits) {
    const settled = materialsOf(key).filter((one) => one.imported?.pendingRotation !== true);
    return settled.at(-1)?.id === id ? 'CURRENT' : 'NON_CURRENT';
  }
  const everywhere = key.family.every((one) => waitingImport(one)?.material !== undefined);
  return everywhere ? 'PENDING_ROTATION' : 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';
}
