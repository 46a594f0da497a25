import type { AliasModel, KeyModel, KeyTag } from '../model.ts';
import { defaultKeyPolicy } from '../parsing/default-key-policy.ts';
import { readPolicy } from '../parsing/policy.ts';
import type { Policy } from '../policy.ts';
import { equalValues } from '../symbolic/match.ts';
import { pseudoParameter } from './pseudo.ts';
import {
  attribute,
  isRecord,
  located,
  type Resource,
  readDays,
  readFlag,
  resourcesOf,
  scalarAt,
  valueAt,
} from './resource.ts';
import { asValue, isList, type Scope } from './scope.ts';

/** Defaults of KMS for what a template leaves out. */
const DEFAULTS = {
  keySpec: 'SYMMETRIC_DEFAULT',
  keyUsage: 'ENCRYPT_DECRYPT',
  origin: 'AWS_KMS',
  days: 30,
  period: 365,
};

export function keysOf(scope: Scope): readonly KeyModel[] {
  return resourcesOf(scope, new Set(['AWS::KMS::Key'])).map(keyOf);
}

function keyOf(resource: Resource): KeyModel {
  const problems: string[] = [];
  return {
    ...located(resource),
    arn: attribute(resource, 'Arn'),
    id: attribute(resource, 'Ref'),
    description: valueAt(resource, 'Description') ?? '',
    keySpec: valueAt(resource, 'KeySpec') ?? DEFAULTS.keySpec,
    keyUsage: valueAt(resource, 'KeyUsage') ?? DEFAULTS.keyUsage,
    origin: valueAt(resource, 'Origin') ?? DEFAULTS.origin,
    multiRegion: scalarAt(resource, 'MultiRegion', false, readFlag, problems),
    enabled: scalarAt(resource, 'Enabled', true, readFlag, problems),
    rotation: {
      enabled: scalarAt(resource, 'EnableKeyRotation', false, readFlag, problems),
      periodInDays: scalarAt(resource, 'RotationPeriodInDays', DEFAULTS.period, readDays, problems),
    },
    pendingWindowInDays: scalarAt(resource, 'PendingWindowInDays', DEFAULTS.days, readDays, problems),
    tags: tagsOf(resource, problems),
    keyPolicy: keyPolicyOf(resource, problems),
    problems,
  };
}

function keyPolicyOf(resource: Resource, problems: string[]): Policy {
  const { constructPath, account, scope } = resource;
  const source = { name: `key policy of ${constructPath}`, constructPath };
  const json = resource.properties['KeyPolicy'];
  if (json === undefined) {
    return defaultKeyPolicy(pseudoParameter('AWS::Partition', scope.stack, scope.environment), account, source);
  }
  const read = readPolicy(json, { ...source, kind: 'key' });
  problems.push(...read.problems.map((problem) => `KeyPolicy: ${problem}`));
  return read.policy;
}

function tagsOf(resource: Resource, problems: string[]): readonly KeyTag[] {
  const list = resource.properties['Tags'];
  if (list === undefined) return [];
  const tags = (isList(list) ? list : [list]).map((tag): KeyTag | undefined => {
    const [key, value] = isRecord(tag) ? [asValue(tag['Key']), asValue(tag['Value'])] : [];
    return key === undefined || value === undefined ? undefined : { key, value };
  });
  if (tags.includes(undefined)) problems.push('Tags: some tags are not known before deployment');
  return tags.filter((tag) => tag !== undefined);
}

export function aliasesOf(scope: Scope, keys: readonly KeyModel[]): readonly AliasModel[] {
  return resourcesOf(scope, new Set(['AWS::KMS::Alias'])).map((resource) => {
    const target = valueAt(resource, 'TargetKeyId') ?? '';
    return {
      ...located(resource),
      name: attribute(resource, 'Ref'),
      arn: attribute(resource, 'Arn'),
      target,
      key: keys.find(({ id, arn }) => equalValues(id, target) === 'yes' || equalValues(arn, target) === 'yes'),
    };
  });
}
