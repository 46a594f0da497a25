import { readPolicy } from '../../parsing/policy.ts';
import type { Policy } from '../../policy.ts';
import { splitArn } from '../../symbolic/arn.ts';
import type { Outcome } from '../../symbolic/outcome.ts';
import { concat, inWords } from '../../symbolic/text.ts';
import type { Value } from '../../value.ts';
import { AS_OF, SILENT, SPEAKING } from './aws-managed-policies.generated.ts';

/** What is known of a managed policy whose text is not in the app. */
export type KnownPolicy =
  | { readonly is: 'known'; readonly policy: Policy }
  /** It certainly does not speak about KMS. */
  | { readonly is: 'silent' }
  /** `name` says why, where that is not plain. */
  | { readonly is: 'unknown'; readonly name: string; readonly why: string };

const SILENT_NAMES: ReadonlySet<string> = new Set(
  Object.entries(SILENT).flatMap(([path, names]) => names.split(' ').map((name) => path + name)),
);

/** Paths by names: the Serverless Application Model names policies of AWS without their paths. */
const WITH_PATH: ReadonlyMap<string, string> = new Map(
  [...Object.keys(SPEAKING), ...SILENT_NAMES].map((path) => [path.slice(path.lastIndexOf('/') + 1), path]),
);

/**
 * A managed policy by its ARN, if it is one of AWS's and as it was on the day of the data. Policies of other partitions
 * than `aws` are known by name only to be silent; where the app leaves the partition open it is taken for `aws`.
 */
export function awsManagedPolicy(arn: Value): KnownPolicy {
  const [, partition = '', service, , account, resource] = splitArn(arn) ?? [];
  if (service !== 'iam' || account !== 'aws' || typeof resource !== 'string' || !resource.startsWith('policy/')) {
    return { is: 'unknown', name: inWords(arn), why: 'its text is not in the app' };
  }
  const named = resource.slice('policy/'.length);
  const name = isKnown(named) ? named : (WITH_PATH.get(named) ?? named);
  if (SILENT_NAMES.has(name)) return { is: 'silent' };
  const unknown = (why: string) => ({ is: 'unknown', name: `${name} (${why})`, why }) as const;
  if (!Object.hasOwn(SPEAKING, name)) return unknown(`not among the policies of AWS as of ${AS_OF}`);
  if (typeof partition === 'string' && partition !== 'aws') {
    return unknown(`its text is known for partition aws only, not for ${partition}`);
  }
  return { is: 'known', policy: policyNamed(name, partition) };
}

function isKnown(name: string): boolean {
  return SILENT_NAMES.has(name) || Object.hasOwn(SPEAKING, name);
}

function policyNamed(name: string, partition: Value): Policy {
  const [version, ...numbered]: [string, ...(readonly [number, Outcome])[]] = JSON.parse(SPEAKING[name] ?? '[]');
  const statements = numbered.map(([, statement]) => inPartition(statement, partition));
  const { policy } = readPolicy(
    { Version: version, Statement: statements },
    { name: `AWS managed policy ${name} (as of ${AS_OF})`, kind: 'identity' },
  );
  // Statements that are not about KMS were left out; the numbers are those of the whole policy.
  const numbers = numbered.map(([number]) => number);
  return {
    ...policy,
    statements: policy.statements.map((one) => ({ ...one, index: numbers[one.index - 1] ?? one.index })),
  };
}

/** The same text with the ARNs of another partition. */
function inPartition(json: Outcome, partition: Value): Outcome {
  if (partition === 'aws') return json;
  if (typeof json === 'string') {
    return json.startsWith('arn:aws:') ? concat(['arn:', partition, json.slice('arn:aws'.length)]) : json;
  }
  if (Array.isArray(json)) return json.map((item) => inPartition(item, partition));
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([name, member]) => [name, inPartition(member, partition)]));
}
