import type { Condition, ResidualCondition } from '@cdk-keysmith/access';
import { ACCOUNT, FOREIGN, GRANTED, ORGANIZATION, OTHER_ACCOUNT, PRINCIPALS, type Request } from './cases.ts';

type Values = readonly string[] | undefined;

/** What a request carries under a condition key, as AWS's documentation has it; for the keys that the cases use. */
function carried(key: string, { operation, context, principal, via, source }: Request): Values {
  const [grants, withContext] = [operation === 'CreateGrant', operation !== 'EnableKey'];
  const name = /^kms:EncryptionContext:(.*)$/i.exec(key)?.[1];
  if (name !== undefined) {
    // As the name of every condition key, it is the same in upper and lower case.
    const [, value] = Object.entries(context).find(([one]) => one.toLowerCase() === name.toLowerCase()) ?? [];
    return withContext && value !== undefined ? [value] : undefined;
  }
  switch (key) {
    case 'kms:EncryptionContextKeys':
      return withContext ? Object.keys(context) : undefined;
    case 'kms:EncryptionAlgorithm':
      return withContext && !grants ? ['SYMMETRIC_DEFAULT'] : undefined;
    case 'kms:GrantOperations':
      return grants ? GRANTED : undefined;
    case 'kms:GrantConstraintType':
      return grants && Object.keys(context).length > 0 ? ['EncryptionContextSubset'] : undefined;
    case 'kms:GrantIsForAWSResource':
      return grants ? [String(via !== undefined || source !== undefined)] : undefined;
    case 'kms:CallerAccount':
      return [PRINCIPALS[principal] === FOREIGN ? OTHER_ACCOUNT : ACCOUNT];
    case 'aws:SourceArn':
      return source?.sourceArn === undefined ? undefined : [source.sourceArn];
    case 'aws:SourceAccount':
      return source?.sourceAccount === undefined ? undefined : [source.sourceAccount];
    case 'kms:GrantConstraintSourceArn':
    // Where a request comes through the endpoint, the question says so, and nothing about it is open.
    case 'aws:SourceVpce':
    case 'aws:SourceVpc':
      return undefined;
    case 'kms:ViaService':
      return via === undefined ? undefined : [`${via}.us-east-1.amazonaws.com`];
    case 'aws:ViaAWSService':
      return [String(via !== undefined)];
    case 'aws:PrincipalOrgID':
    case 'aws:ResourceOrgID':
      return [ORGANIZATION];
    case 'aws:SecureTransport':
      return ['true'];
    default:
      throw new Error(`the map leaves ${key} open, and the cases say nothing about it`);
  }
}

/** Whether a way to be allowed is open to a request. Written from AWS's documentation, without the engine. */
export function wayHolds(way: readonly ResidualCondition[], request: Request): boolean {
  return way.every(({ conditions, negated }) => conditions.every((one) => conditionHolds(one, request)) !== negated);
}

/**
 * Whether a way hinges on a grant's constraint that names the context in other letters than the request: AWS's documents
 * disagree on what then holds.
 */
export function isContested(way: readonly ResidualCondition[], { context }: Request): boolean {
  const keys = way
    .filter(({ grant }) => grant !== undefined)
    .flatMap(({ conditions }) => conditions.map(({ key }) => key));
  const names = keys.flatMap((key) => /^kms:EncryptionContext:(.*)$/i.exec(key)?.[1] ?? []);
  const sent = Object.keys(context);
  return names.some((name) => !sent.includes(name) && sent.some((one) => one.toLowerCase() === name.toLowerCase()));
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
function conditionHolds({ operator, key, values }: Condition, request: Request): boolean {
  const wanted = values.map(String);
  const found = carried(key, request);
  const [, set, base = '', ifExists] = /^(ForAllValues:|ForAnyValue:)?(.*?)(IfExists)?$/.exec(operator) ?? [];
  if (base === 'Null') return wanted.includes(String(found === undefined || found.length === 0));
  const test = testOf(base);
  const negative = base.includes('Not');
  const matches = (value: string) => wanted.some((one) => test(one, value)) !== negative;
  if (set === 'ForAllValues:') return (found ?? []).every(matches);
  if (set === 'ForAnyValue:') return (found ?? []).some(matches);
  if (found === undefined) return negative || ifExists !== undefined;
  return found.some(matches);
}

function testOf(base: string): (wanted: string, value: string) => boolean {
  switch (base) {
    case 'StringEquals':
    case 'StringNotEquals':
      return (wanted, value) => wanted === value;
    case 'StringEqualsIgnoreCase':
    case 'Bool':
      return (wanted, value) => wanted.toLowerCase() === value.toLowerCase();
    case 'StringLike':
    case 'StringNotLike':
      return (wanted, value) =>
        new RegExp(
          `^${wanted
            .replace(/[.+^$()|[\]{}\\]/g, '\\$&')
            .replace(/\*/g, '.*')
            .replace(/\?/g, '.')}$`,
          's',
        ).test(value);
    default:
      throw new Error(`the cases have no condition operator ${base}`);
  }
}
