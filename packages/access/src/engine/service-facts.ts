import { unknown } from '../symbolic/text.ts';
import type { Value } from '../value.ts';
import { canCarry } from './condition-keys.ts';
import type { Fact } from './fact.ts';

/** What no request of a service carries: it acts for itself, for nobody, and is neither in an account nor in a session. */
const ABSENT: ReadonlySet<string> = new Set([
  'aws:assumedroot',
  'aws:calledvia',
  'aws:calledviafirst',
  'aws:calledvialast',
  'aws:federatedprovider',
  'aws:multifactorauthage',
  'aws:multifactorauthpresent',
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:sourceidentity',
  'aws:tokenissuetime',
  'aws:username',
  'kms:viaservice',
]);
const TAG_OF_PRINCIPAL = 'aws:principaltag/';

/** What a request of a service may carry, without a document that says what is in it. */
const UNDOCUMENTED: ReadonlyMap<string, readonly Value[]> = new Map(
  ['aws:PrincipalType', 'aws:userid', 'kms:CallerAccount'].map((key) => [
    key.toLowerCase(),
    [unknown(`AWS's documents do not say what ${key} is when an AWS service calls for itself`)],
  ]),
);

const OTHER_NAMES = unknown("AWS's documents do not list which other service principals belong to a service");

/**
 * What follows from an AWS service being the caller; undefined: nothing does, such as for `aws:SourceArn`.
 * @param name - of the condition key, in lower case
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principal-properties
 */
export function factOfService(name: string, service: Value, action: string): Fact | undefined {
  switch (name) {
    case 'aws:principalisawsservice':
      return ['true'];
    case 'aws:viaawsservice':
      return ['false'];
    case 'aws:principalservicename':
      return [service];
    case 'aws:principalservicenameslist':
      return [service, OTHER_NAMES];
  }
  if (ABSENT.has(name) || name.startsWith(TAG_OF_PRINCIPAL)) return 'absent';
  const undocumented = UNDOCUMENTED.get(name);
  return undocumented !== undefined && canCarry(action, name) ? undocumented : undefined;
}
