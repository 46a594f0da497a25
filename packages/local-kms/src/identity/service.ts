import { LocalKmsError, shown } from '../errors.ts';

/**
 * An AWS service that calls KMS for itself, by its service principal, as CloudTrail does to encrypt a log file. What it acts
 * for is what it tells KMS, and no more: services differ in what they tell.
 *
 * A service that calls with somebody's permissions is {@link ClaimedWay.via}.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services
 */
export interface ServiceCaller {
  /** Name of the service principal, e.g. `cloudtrail.amazonaws.com` or `logs.eu-west-1.amazonaws.com`. */
  readonly service: string;
  /** ARN of the resource that the service acts for, `aws:SourceArn`. At most 2,048 characters. Default: the key is absent. */
  readonly sourceArn?: string;
  /** Account of that resource, `aws:SourceAccount`. Twelve digits. Default: the key is absent. */
  readonly sourceAccount?: string;
  /** Organization of that account, `aws:SourceOrgID`, e.g. `o-a1b2c3d4e5`. Default: the key is absent. */
  readonly sourceOrgId?: string;
  /** Where in it the account is, `aws:SourceOrgPaths`, e.g. `o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/`. Default: the key is absent. */
  readonly sourceOrgPaths?: readonly string[];
}

/** Who calls: somebody of the app by a name, or an AWS service. */
export type LocalCaller = string | ServiceCaller;

/** Service principals begin with one to four names, e.g. `cloudtrail`, `logs.eu-west-1`, `ecs.application-autoscaling`. */
export const SERVICE_PRINCIPAL = /^[a-z][a-z0-9-]{0,62}(?:\.[a-z0-9-]{1,63}){0,3}\.amazonaws\.com(?:\.cn)?$/;
const SOURCE_ARN = /^arn:[a-z][a-z0-9-]*:[a-z][a-z0-9-]*:[a-z0-9-]*:(\d{12})?:[^\s\p{C}]+$/u;
const MAX_ARN = 2048;
const ORGANIZATION = /^o-[a-z0-9]{10,32}$/;
const ORGANIZATION_PATH = /^o-[a-z0-9]{10,32}\/r-[a-z0-9]{4,32}\/(?:ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}\/)*$/;
const MAX_PATHS = 10;
const REGION = /\.([a-z]{2,4}(?:-[a-z]+)+-\d)\./;

type Problem = string | undefined;

/** What each member must be, in words; undefined: it is. */
const MEMBERS: Readonly<Record<keyof ServiceCaller, (value: unknown) => Problem>> = {
  service: matching(SERVICE_PRINCIPAL, 'a service principal such as "cloudtrail.amazonaws.com"'),
  sourceArn: (value) => {
    const problem = matching(SOURCE_ARN, 'an ARN such as "arn:aws:sns:eu-west-1:111122223333:news"')(value);
    return problem ?? (String(value).length > MAX_ARN ? `must have at most ${MAX_ARN} characters` : undefined);
  },
  sourceAccount: matching(/^\d{12}$/, 'twelve digits'),
  sourceOrgId: matching(ORGANIZATION, 'an organization such as "o-a1b2c3d4e5"'),
  sourceOrgPaths: (value) => {
    if (!Array.isArray(value) || value.length < 1 || value.length > MAX_PATHS) {
      return `must be a list of 1 to ${MAX_PATHS} paths, not ${shown(value)}`;
    }
    const wanted = matching(ORGANIZATION_PATH, 'a path such as "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/"');
    return value.map(wanted).find((problem) => problem !== undefined);
  },
};

function matching(pattern: RegExp, what: string): (value: unknown) => Problem {
  return (value) =>
    typeof value === 'string' && pattern.test(value) ? undefined : `must be ${what}, not ${shown(value)}`;
}

/** The Region that a service calls: that of its name, or else that of what it acts for; undefined: neither tells. */
export function regionOfService({ service, sourceArn }: ServiceCaller): string | undefined {
  return REGION.exec(service)?.[1] ?? (sourceArn?.split(':')[3] || undefined);
}

/**
 * A copy of what is right.
 * @throws {@link LocalKmsError} `INVALID_OPTION`, naming every member that is wrong
 */
export function checkedService(given: ServiceCaller): ServiceCaller {
  if (typeof given !== 'object' || given === null) {
    throw new LocalKmsError('INVALID_OPTION', `caller must be a name or { service: … }, not ${shown(given)}`);
  }
  const problems: string[] = [];
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(MEMBERS, name)) continue;
    problems.push(`${name} is no member; there are ${Object.keys(MEMBERS).join(', ')}`);
  }
  for (const [name, problemOf] of Object.entries(MEMBERS)) {
    const value = given[name as keyof ServiceCaller];
    const problem = value === undefined && name !== 'service' ? undefined : problemOf(value);
    if (problem !== undefined) problems.push(`${name} ${problem}`);
  }
  const { sourceArn, sourceAccount, sourceOrgPaths } = given;
  const ofArn = problems.length === 0 ? accountIn(sourceArn) : undefined;
  if (sourceAccount !== undefined && ofArn !== undefined && ofArn !== sourceAccount) {
    problems.push(
      `sourceAccount must be the account of sourceArn, ${ofArn}, not ${sourceAccount}: both are of one resource`,
    );
  }
  if (problems.length > 0) throw new LocalKmsError('INVALID_OPTION', `caller: ${problems.join('; ')}`);
  return { ...given, ...(sourceOrgPaths !== undefined && { sourceOrgPaths: [...sourceOrgPaths] }) };
}

/** The account in an ARN; undefined: it has none, as that of a bucket. */
export function accountIn(arn: string | undefined): string | undefined {
  return arn === undefined ? undefined : SOURCE_ARN.exec(arn)?.[1];
}
