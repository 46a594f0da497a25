import type { KeyModel } from '@cdk-keysmith/access';
import type { Key, KeyOrigin } from '../state/key.ts';
import type { KeySpec, KeyUsage } from '../state/key-specs.ts';
import type { Seeding } from './context.ts';
import type { FixedKey } from './fixed.ts';

/** What a key is for its whole life. */
export interface Kind {
  readonly spec: KeySpec;
  readonly usage: KeyUsage;
  readonly origin: KeyOrigin;
  readonly multiRegion: boolean;
}

/**
 * Why a key that is there does not become what is declared: it differs in what KMS never changes.
 * @returns undefined: it does not
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html
 */
export function unchangeableIn(seeding: Seeding, model: KeyModel, key: Key, kind: Kind): string | undefined {
  const fixed = seeding.fixed.get(model);
  const differing = [
    ...(key.spec === kind.spec ? [] : ['KeySpec']),
    ...(key.usage === kind.usage ? [] : ['KeyUsage']),
    ...(key.origin === kind.origin ? [] : ['Origin']),
  ];
  // Material of another kind is another one in any case.
  if (differing.length === 0 && fixed !== undefined) differing.push(...pastIn(key, fixed));
  return differing.length === 0 ? undefined : unchangeable(differing, seeding, model);
}

/** @param members - what differs, by the names of the template or of the seed file */
export function unchangeable(members: readonly string[], { fixed, seedFile }: Seeding, model: KeyModel): string {
  const what = members.join(' and ');
  if (!fixed.has(model)) {
    return `KMS does not change the ${what} of a key that is there, and a deployment would fail; give the new key a construct id of its own`;
  }
  return `${seedFile} says another ${what} than the key has, which stays as it was made; say what the file said before, give the new key another keyId, or begin anew, by reset() or without the folder of the state`;
}

/** What a seed file says of the past of a key that is not so. Materials that came later, by rotation or import, are not in it. */
function pastIn(key: Key, { createdAt, fixed, rotations, pendingDeletion }: FixedKey): readonly string[] {
  const { imports, materials, origin, rotation, deletion } = key;
  const there = origin === 'EXTERNAL' ? imports : materials;
  const isSame = fixed === undefined || fixed.materials.every(({ id }, index) => there[index]?.id === id);
  if (!isSame) return ['material'];
  const isDated = rotations.every(({ materialId, type, at }) => {
    const past = rotation.past.find((one) => one.materialId === materialId);
    return past?.type === type && (at === undefined || past.at.getTime() === at.getTime());
  });
  return [
    ...(isDated ? [] : ['date of rotation']),
    ...(createdAt === undefined || createdAt.getTime() === key.createdAt.getTime() ? [] : ['creationDate']),
    ...(pendingDeletion && deletion === undefined ? ['keyState'] : []),
  ];
}
