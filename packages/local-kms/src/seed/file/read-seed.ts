import {
  AccessError,
  type KeyModel,
  type Policy,
  type PolicyKind,
  type PrincipalModel,
  parsePolicy,
} from '@cdk-keysmith/access';
import { IMPORT_KINDS } from '../../import/import-kinds.ts';
import { partitionOf } from '../../state/arn.ts';
import { isSpecOf, type KeySpec, usagesOf } from '../../state/key-specs.ts';
import { defaultKeyPolicy } from '../../state/metadata.ts';
import type { Environment } from '../binding.ts';
import type { FixedKey } from '../fixed.ts';
import type { SeedDocument, SeedKey, SeedPrincipal } from './document.ts';
import { fixedKeyTag, fixedMaterial } from './fixed-material.ts';
import { aliasModels, keyModel, principalModel, replicaModels } from './models.ts';
import { invalidSeed, readSeedText } from './read-text.ts';
import { SEED } from './seed-shape.ts';
import { problemsOf } from './shape.ts';

/** What a seed file declares, as an app would, and what no app can. */
export interface Seed {
  readonly keys: readonly KeyModel[];
  readonly aliases: ReturnType<typeof aliasModels>;
  readonly principals: readonly PrincipalModel[];
  readonly fixed: ReadonlyMap<KeyModel, FixedKey>;
}

/**
 * Reads a seed file.
 * @throws {@link LocalKmsError} `INVALID_SEED`, naming everything that is wrong, each with its path
 */
export function readSeed(path: string, defaults: Environment): Seed {
  const json = readSeedText(path);
  const problems = [...problemsOf(SEED, json, '')];
  if (problems.length > 0) throw invalidSeed(path, problems);
  const document = json as SeedDocument;
  const place: Environment = {
    account: document.account ?? defaults.account,
    region: document.region ?? defaults.region,
  };
  const reading: Reading = { place, problems, keys: [], aliases: [], fixed: new Map() };
  for (const [index, key] of (document.keys ?? []).entries()) readKey(reading, key, `keys[${index}]`);
  const principals = (document.principals ?? []).map((one, index) =>
    readPrincipal(reading, one, `principals[${index}]`),
  );
  const { keys, aliases, fixed } = reading;
  problems.push(
    ...repeated(
      'key',
      keys.map(({ arn }) => String(arn)),
    ),
    ...repeated(
      'alias',
      aliases.map(({ arn }) => String(arn)),
    ),
    ...repeated(
      'principal',
      principals.map(({ arn }) => String(arn)),
    ),
  );
  if (problems.length > 0) throw invalidSeed(path, problems);
  return { keys, aliases, principals, fixed };
}

interface Reading {
  readonly place: Environment;
  readonly problems: string[];
  readonly keys: KeyModel[];
  readonly aliases: ReturnType<typeof aliasModels>[number][];
  readonly fixed: Map<KeyModel, FixedKey>;
}

function readKey(reading: Reading, key: SeedKey, path: string): void {
  const { problems } = reading;
  const place = { account: key.account ?? reading.place.account, region: key.region ?? reading.place.region };
  const { keySpec: spec = 'SYMMETRIC_DEFAULT' } = key;
  problems.push(...keyProblems(key, spec, place).map((problem) => `${path}${problem}`));
  const usage = key.keyUsage ?? usagesOf(spec)[0] ?? 'ENCRYPT_DECRYPT';
  const policyOf = (given: object | undefined, at: string, region: string) =>
    policyIn(reading, given ?? JSON.parse(defaultKeyPolicy(place.account, region)), `${path}${at}`, 'key');
  const model = keyModel(key, place, spec, usage, policyOf(key.keyPolicy, '.keyPolicy', place.region));
  const replicas = replicaModels(key, model, (replica, index) =>
    policyOf(replica.keyPolicy, `.replicas[${index}].keyPolicy`, replica.region),
  );
  reading.keys.push(model, ...replicas);
  reading.aliases.push(...aliasModels(key, model));
  for (const [index, replica] of replicas.entries()) {
    reading.aliases.push(...aliasModels(key.replicas?.[index] ?? {}, replica));
  }
  reading.fixed.set(model, fixedOf(reading, key, spec, path));
}

/** What of a key does not fit together; each begins with the rest of its path. */
function keyProblems(key: SeedKey, spec: KeySpec, { account, region }: Environment): readonly string[] {
  const { keyUsage, origin = 'AWS_KMS', keyState, rotationPeriodInDays, replicas = [], material = [] } = key;
  const [only, ...others] = usagesOf(spec);
  const multiRegion = key.keyId.startsWith('mrk-');
  const isSymmetric = spec === 'SYMMETRIC_DEFAULT';
  const regions = [region, ...replicas.map((one) => one.region)];
  const rows: readonly (readonly [boolean, string])[] = [
    [keyUsage === undefined && others.length > 0, `.keyUsage is missing: ${spec} has ${[only, ...others].join(', ')}`],
    [
      keyUsage !== undefined && !usagesOf(spec).includes(keyUsage),
      `.keyUsage ${keyUsage} is not one of ${spec}, which has ${usagesOf(spec).join(', ')}`,
    ],
    [!isSpecOf(spec, region), `.keySpec ${spec} is not to be had in ${region}`],
    [
      origin === 'EXTERNAL' && IMPORT_KINDS[spec] === undefined,
      `.origin EXTERNAL is not possible: no ${spec} is imported`,
    ],
    [
      keyState === 'PendingImport' && (origin !== 'EXTERNAL' || material.length > 0),
      '.keyState PendingImport is for a key of origin EXTERNAL without material',
    ],
    [
      origin === 'EXTERNAL' && material.length === 0 && (keyState === 'Enabled' || keyState === 'Disabled'),
      `.keyState ${keyState} needs material: a key of origin EXTERNAL without it is PendingImport`,
    ],
    [material.length > 1 && !isSymmetric, `.material has ${material.length} items: only SYMMETRIC_DEFAULT is rotated`],
    [
      rotationPeriodInDays !== undefined && (!isSymmetric || origin !== 'AWS_KMS'),
      '.rotationPeriodInDays is for keys of spec SYMMETRIC_DEFAULT and origin AWS_KMS',
    ],
    [replicas.length > 0 && !multiRegion, '.replicas are of a multi-Region key, whose keyId begins with mrk-'],
    [
      replicas.length > 0 && origin === 'EXTERNAL',
      '.replicas of a key of origin EXTERNAL cannot be had from a file: make them with ReplicateKey, and import',
    ],
    [new Set(regions).size < regions.length, '.replicas name a Region twice'],
    [
      replicas.some((one) => partitionOf(one.region) !== partitionOf(region)),
      `.replicas must be in the partition of ${region} (account ${account})`,
    ],
    [
      key.pendingWindowInDays !== undefined && keyState !== 'PendingDeletion',
      '.pendingWindowInDays is for PendingDeletion',
    ],
    ...material.map(
      ({ rotatedAt, rotationType }, index) =>
        [
          index === 0 && (rotatedAt !== undefined || rotationType !== undefined),
          '.material[0] came with the key: no rotation brought it',
        ] as const,
    ),
  ];
  return rows.flatMap(([wrong, problem]) => (wrong ? [problem] : []));
}

function fixedOf({ problems }: Reading, key: SeedKey, spec: KeySpec, path: string): FixedKey {
  const read = (key.material ?? []).map((one) => fixedMaterial(spec, key.keyId, one));
  for (const [index, one] of read.entries()) {
    if (typeof one === 'string') problems.push(`${path}.material[${index}] ${one}`);
  }
  const materials = read.filter((one) => typeof one !== 'string');
  if (new Set(materials.map(({ id }) => id)).size < materials.length) {
    problems.push(`${path}.material has the same material twice`);
  }
  return {
    createdAt: key.creationDate === undefined ? undefined : dateAt(problems, key.creationDate, `${path}.creationDate`),
    fixed: materials.length === 0 ? undefined : { tag: fixedKeyTag(key.keyId), materials },
    rotations: materials.slice(1).map(({ id }, index) => {
      const { rotatedAt, rotationType: type = 'ON_DEMAND' } = key.material?.[index + 1] ?? {};
      const at = rotatedAt && dateAt(problems, rotatedAt, `${path}.material[${index + 1}].rotatedAt`);
      return { materialId: id, type, at: at || undefined };
    }),
    pendingDeletion: key.keyState === 'PendingDeletion',
  };
}

/** The shape lets a thirteenth month pass. */
function dateAt(problems: string[], text: string, path: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) problems.push(`${path} is a date that there is not: ${text}`);
  return date;
}

function readPrincipal(reading: Reading, given: SeedPrincipal, path: string): PrincipalModel {
  const { type = 'role', trustPolicy, permissionsBoundary, policies = [] } = given;
  for (const member of ['trustPolicy', 'maxSessionDuration'] as const) {
    if (type === 'user' && given[member] !== undefined) reading.problems.push(`${path}.${member} is for roles`);
  }
  const policy = (json: object | undefined, at: string, kind: PolicyKind) =>
    json === undefined ? undefined : policyIn(reading, json, `${path}.${at}`, kind);
  return principalModel(given, reading.place, {
    identityPolicies: policies.flatMap((json, index) => policy(json, `policies[${index}]`, 'identity') ?? []),
    permissionsBoundary: policy(permissionsBoundary, 'permissionsBoundary', 'boundary'),
    trustPolicy: policy(trustPolicy, 'trustPolicy', 'trust'),
  });
}

function policyIn({ problems }: Reading, json: object, name: string, kind: PolicyKind): Policy {
  try {
    return parsePolicy(json, { name, kind });
  } catch (error) {
    if (!(error instanceof AccessError)) throw error;
    problems.push(error.message);
    return { name, kind, version: undefined, statements: [] };
  }
}

function repeated(what: string, names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) < index))].map(
    (name) => `${what} ${name} is there twice`,
  );
}
