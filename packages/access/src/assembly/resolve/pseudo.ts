import type { Value } from '../../value.ts';
import type { Stack } from '../input/stack.ts';

/** Partitions by the beginning of their Regions' names; every other known Region is in `aws`. */
const PARTITIONS: readonly (readonly [prefix: string, partition: string, suffix: string | undefined])[] = [
  ['cn-', 'aws-cn', 'amazonaws.com.cn'],
  ['us-gov-', 'aws-us-gov', 'amazonaws.com'],
  ['us-isob-', 'aws-iso-b', undefined],
  ['us-isof-', 'aws-iso-f', undefined],
  ['us-iso-', 'aws-iso', undefined],
  ['eu-isoe-', 'aws-iso-e', undefined],
  ['eusc-', 'aws-eusc', undefined],
];

const COMMERCIAL = ['', 'aws', 'amazonaws.com'] as const;

/** Pseudo parameters that are one string in every stack of an environment. */
const OF_ENVIRONMENT: ReadonlySet<string> = new Set([
  'AWS::AccountId',
  'AWS::Region',
  'AWS::Partition',
  'AWS::URLSuffix',
]);

/**
 * A pseudo parameter: known where it follows from the stack's environment, otherwise kept as itself.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
 */
export function pseudoParameter(name: string, stack: Stack, environment: string): Value {
  const ofStack = KNOWN.get(stack) ?? new Map<string, Value>();
  KNOWN.set(stack, ofStack);
  const key = `${environment}\n${name}`;
  const value = ofStack.get(key) ?? valueIn(name, stack, environment);
  ofStack.set(key, value);
  return value;
}

/** Every resource has an account and a Region: what is one value is compared at a glance. */
const KNOWN = new WeakMap<Stack, Map<string, Value>>();

function valueIn(name: string, stack: Stack, environment: string): Value {
  const { account, region } = stack;
  const [, partition, suffix] = PARTITIONS.find(([prefix]) => region?.startsWith(prefix)) ?? COMMERCIAL;
  const known: Readonly<Record<string, string | undefined>> = {
    'AWS::AccountId': account,
    'AWS::Region': region,
    'AWS::Partition': region === undefined ? undefined : partition,
    'AWS::URLSuffix': region === undefined ? undefined : suffix,
    'AWS::StackName': stack.stackName,
  };
  const scope = OF_ENVIRONMENT.has(name) ? environment : stack.id;
  return known[name] ?? { parts: [{ kind: 'pseudo', stack: scope, name }] };
}
