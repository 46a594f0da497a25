import type { AliasModel, KeyModel, Located, ReplicaOf } from '../../model.ts';
import { defaultKeyPolicy } from '../../parsing/default-key-policy.ts';
import { readPolicy } from '../../parsing/policy.ts';
import type { Policy } from '../../policy.ts';
import { ValueIndex } from '../../symbolic/index-by-value.ts';
import { equalValues } from '../../symbolic/match.ts';
import { orElse } from '../../symbolic/outcome.ts';
import { whyUnknown } from '../../symbolic/text.ts';
import type { Value } from '../../value.ts';
import { pseudoParameter } from '../resolve/pseudo.ts';
import {
  attribute,
  located,
  memberAt,
  ofTypes,
  property,
  type Resource,
  readDays,
  readFlag,
  scalarAt,
  valueAt,
  valueOr,
} from './resource.ts';
import { tagsOf } from './tags.ts';

/** Defaults of KMS for what a template leaves out. */
const DEFAULTS = {
  keySpec: 'SYMMETRIC_DEFAULT',
  keyUsage: 'ENCRYPT_DECRYPT',
  origin: 'AWS_KMS',
  days: 30,
  period: 365,
};

/**
 * Finds the key of the app that a key id or key ARN names, seen from where it is said: the id of a primary key is that
 * of its replica keys too. Undefined: a key of elsewhere, or not known.
 */
export type FindKey = (idOrArn: Value, from: Located) => KeyModel | undefined;

/** Primary keys, then replica keys. */
export function keysOf(resources: readonly Resource[]): readonly KeyModel[] {
  const primaries = ofTypes(resources, ['AWS::KMS::Key']).map(keyOf);
  const byArn = new ValueIndex(primaries.map((key) => [key.arn, key]));
  return [
    ...primaries,
    ...ofTypes(resources, ['AWS::KMS::ReplicaKey']).map((resource) => {
      const primaryKeyArn = valueOr(resource, 'PrimaryKeyArn', '');
      return replicaOf(resource, { primaryKeyArn, primary: byArn.first(primaryKeyArn) });
    }),
  ];
}

export function finderOf(keys: readonly KeyModel[]): FindKey {
  const byArn = new ValueIndex(keys.map((key) => [key.arn, key]));
  const byId = new ValueIndex(keys.map((key) => [key.id, key]));
  return (idOrArn, from) => {
    const related = byId.all(idOrArn);
    const here = related.find(({ region }) => equalValues(region, from.region) === 'yes');
    return byArn.first(idOrArn) ?? here ?? (related.length === 1 ? related[0] : undefined);
  };
}

function keyOf(resource: Resource): KeyModel {
  const problems: string[] = [];
  return {
    ...commonOf(resource, problems),
    keySpec: valueOr(resource, 'KeySpec', DEFAULTS.keySpec),
    keyUsage: valueOr(resource, 'KeyUsage', DEFAULTS.keyUsage),
    origin: valueOr(resource, 'Origin', DEFAULTS.origin),
    multiRegion: scalarAt(resource, 'MultiRegion', false, readFlag, problems),
    rotation: {
      enabled: scalarAt(resource, 'EnableKeyRotation', false, readFlag, problems),
      periodInDays: scalarAt(resource, 'RotationPeriodInDays', DEFAULTS.period, readDays, problems),
    },
    bypassPolicyLockoutSafetyCheck: scalarAt(resource, 'BypassPolicyLockoutSafetyCheck', false, readFlag, problems),
    problems,
  };
}

/** What a replica key shares with its primary key is not in its template. */
function replicaOf(resource: Resource, replica: ReplicaOf): KeyModel {
  const problems: string[] = [];
  const { primary } = replica;
  const unknown = `of the primary key, which is not a key of the app`;
  const shared = (name: 'keySpec' | 'keyUsage' | 'origin'): Value => {
    return primary?.[name] ?? { parts: [{ kind: 'unknown', reason: `the ${name} ${unknown}` }] };
  };
  if (primary === undefined) {
    const why = whyUnknown(replica.primaryKeyArn);
    const known = why === undefined ? 'is not a key of the app' : `is not known to be a key of the app: ${why}`;
    problems.push(`PrimaryKeyArn: the primary key ${known}`);
  }
  return {
    ...commonOf(resource, problems),
    replicaOf: replica,
    keySpec: shared('keySpec'),
    keyUsage: shared('keyUsage'),
    origin: shared('origin'),
    multiRegion: true,
    rotation: primary?.rotation ?? { enabled: undefined, periodInDays: undefined },
    bypassPolicyLockoutSafetyCheck: false,
    problems,
  };
}

function commonOf(resource: Resource, problems: string[]) {
  return {
    ...located(resource),
    arn: attribute(resource, 'Arn'),
    id: attribute(resource, 'Ref'),
    description: valueAt(resource, 'Description') ?? '',
    enabled: scalarAt(resource, 'Enabled', true, readFlag, problems),
    pendingWindowInDays: scalarAt(resource, 'PendingWindowInDays', DEFAULTS.days, readDays, problems),
    deletionPolicy: memberAt(resource, 'DeletionPolicy') ?? 'Delete',
    tags: tagsOf(resource, problems),
    keyPolicy: keyPolicyOf(resource, problems),
  };
}

function keyPolicyOf(resource: Resource, problems: string[]): Policy {
  const { constructPath, account, scope } = resource;
  const partition = pseudoParameter('AWS::Partition', scope.stack, scope.environment);
  const document = orElse(property(resource, 'KeyPolicy'), defaultKeyPolicy(partition, account));
  const read = readPolicy(document, { name: `key policy of ${constructPath}`, kind: 'key', constructPath });
  problems.push(...read.problems.map((problem) => `KeyPolicy: ${problem}`));
  return read.policy;
}

export function aliasesOf(resources: readonly Resource[], find: FindKey): readonly AliasModel[] {
  return ofTypes(resources, ['AWS::KMS::Alias']).map((resource) => {
    const target = valueOr(resource, 'TargetKeyId', '');
    return {
      ...located(resource),
      name: attribute(resource, 'Ref'),
      arn: attribute(resource, 'Arn'),
      target,
      key: find(target, resource),
      deletionPolicy: memberAt(resource, 'DeletionPolicy') ?? 'Delete',
    };
  });
}
