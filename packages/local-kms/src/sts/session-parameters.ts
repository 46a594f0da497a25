import { AccessError, type Policy, parsePolicy } from '@cdk-keysmith/access';
import type { Identity } from '../identity/principal.ts';
import { faults } from '../wire/texts.ts';
import { invalidParameter } from './query.ts';

/** A role that was assumed by a role lives an hour at most, as IAM limits role chaining. */
const MAX_CHAINED_SECONDS = 3600;
const MAX_SECONDS = 43_200;
const DEFAULT_SECONDS = 3600;
const MIN_SECONDS = 900;
/** Names of sessions and source identities. */
const NAME = /^[\w+=,.@-]{2,64}$/;
const EXTERNAL_ID = /^[\w+=,.@:/-]{2,1224}$/;
/** Characters that a session policy may have. */
const MAX_POLICY = 2048;
const MAX_POLICY_ARNS = 10;
const POLICY_ARN = /^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]+$/;
const POLICY_ARN_LENGTHS = [20, 2048] as const;
const MAX_TAGS = 50;
const TAG = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Parameters that would change what the session may do, and that are not there: refused, never ignored. */
const REFUSED = /^(?:SerialNumber|TokenCode|ProvidedContexts|ProviderId)\b/;

type Form = ReadonlyMap<string, string>;

/** What a request says about the session that it asks for. */
export interface SessionParameters {
  readonly name: string;
  readonly seconds: number;
  readonly policies: readonly Policy[];
  /** ARNs of managed policies. */
  readonly policyArns: readonly string[];
  /** Those that the request brings. */
  readonly tags: ReadonlyMap<string, string>;
  readonly transitiveTagKeys: readonly string[];
  readonly sourceIdentity: string | undefined;
  readonly externalId: string | undefined;
}

/** @throws Fault ValidationException or MalformedPolicyDocumentException */
export function sessionParameters(form: Form, caller: Identity | undefined): SessionParameters {
  const refused = [...form.keys()].find((name) => REFUSED.test(name));
  if (refused !== undefined) throw invalidParameter(`the local STS does not take ${refused.slice(0, 80)}`);
  const tags = checkedTags(members(form, 'Tags', ['Key', 'Value']).map(([key = '', value = '']) => [key, value]));
  const transitiveTagKeys = members(form, 'TransitiveTagKeys', ['']).map(([key = '']) => key);
  const unknown = transitiveTagKeys.find((key) => !tags.has(key));
  if (unknown !== undefined) throw invalidParameter('transitiveTagKeys must be keys of tags of the same request');
  return {
    name: matching(form.get('RoleSessionName') ?? '', NAME, 'roleSessionName'),
    seconds: durationOf(form.get('DurationSeconds'), caller),
    policies: sessionPolicies(form.get('Policy')),
    policyArns: policyArnsIn(form),
    tags,
    transitiveTagKeys,
    sourceIdentity: optional(form.get('SourceIdentity'), NAME, 'sourceIdentity'),
    externalId: optional(form.get('ExternalId'), EXTERNAL_ID, 'externalId'),
  };
}

/** Lists of the Query protocol: `Tags.member.1.Key`, counted from 1 without gaps. */
function members(form: Form, list: string, parts: readonly string[]): readonly (readonly string[])[] {
  const found: string[][] = [];
  for (let index = 1; index <= MAX_TAGS + 1; index += 1) {
    const names = parts.map((part) => `${list}.member.${index}${part === '' ? '' : `.${part}`}`);
    if (!names.some((name) => form.has(name))) break;
    found.push(names.map((name) => form.get(name) ?? ''));
  }
  return found;
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html */
export function checkedTags(pairs: readonly (readonly [string, string])[]): ReadonlyMap<string, string> {
  if (pairs.length > MAX_TAGS) throw invalidParameter(`a session has at most ${MAX_TAGS} tags`);
  const seen = new Set<string>();
  for (const [key, value] of pairs) {
    if (key.length < 1 || key.length > 128 || !TAG.test(key) || key.toLowerCase().startsWith('aws:')) {
      throw invalidParameter(
        'the key of a tag has 1 to 128 letters, digits, spaces or _.:/=+-@, and does not begin aws:',
      );
    }
    if (value.length > 256 || !TAG.test(value)) {
      throw invalidParameter('the value of a tag has at most 256 letters, digits, spaces or _.:/=+-@');
    }
    if (seen.has(key.toLowerCase())) throw invalidParameter('the keys of tags must differ by more than case');
    seen.add(key.toLowerCase());
  }
  return new Map(pairs);
}

/**
 * STS publishes neither how it words these errors, nor that for a policy that is not there; that a policy of the role's
 * account is in no app says nothing about that.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_PolicyDescriptorType.html
 */
function policyArnsIn(form: Form): readonly string[] {
  const arns = members(form, 'PolicyArns', ['arn']).map(([arn = '']) => arn);
  if ([...form.keys()].filter((name) => name.startsWith('PolicyArns')).length > arns.length) {
    throw invalidParameter('policyArns must be PolicyArns.member.1.arn and so on, without gaps');
  }
  if (arns.length > MAX_POLICY_ARNS) throw invalidParameter(`policyArns must have at most ${MAX_POLICY_ARNS} members`);
  const account = /^arn:[^:]*:iam::(\d{12}):/.exec(form.get('RoleArn') ?? '')?.[1];
  const [min, max] = POLICY_ARN_LENGTHS;
  for (const [index, arn] of arns.entries()) {
    const owner = POLICY_ARN.exec(arn)?.[1];
    if (owner === undefined || arn.length < min || arn.length > max) {
      throw invalidParameter(`Value at 'policyArns.${index + 1}.member.arn' must be the ARN of a managed policy`);
    }
    if (owner !== 'aws' && owner !== account) {
      throw invalidParameter(
        `Value at 'policyArns.${index + 1}.member.arn' must be a policy of AWS, or of the account of the role`,
      );
    }
  }
  return [...new Set(arns)];
}

function matching(value: string, pattern: RegExp, name: string): string {
  if (pattern.test(value)) return value;
  throw invalidParameter(`Value at '${name}' failed to satisfy constraint: ${pattern.source}`);
}

function optional(value: string | undefined, pattern: RegExp, name: string): string | undefined {
  return value === undefined ? undefined : matching(value, pattern, name);
}

function durationOf(sent: string | undefined, caller: Identity | undefined): number {
  const max = caller?.session === undefined ? MAX_SECONDS : MAX_CHAINED_SECONDS;
  const seconds = sent === undefined ? DEFAULT_SECONDS : Number(sent);
  if (!Number.isInteger(seconds) || seconds < MIN_SECONDS || seconds > max) {
    throw invalidParameter(`DurationSeconds must be ${MIN_SECONDS} to ${max}`);
  }
  return seconds;
}

function sessionPolicies(text: string | undefined): readonly Policy[] {
  if (text === undefined) return [];
  if (text.length > MAX_POLICY) throw invalidParameter(`Policy must have at most ${MAX_POLICY} characters`);
  try {
    return [parsePolicy(JSON.parse(text), { name: 'session policy', kind: 'session' })];
  } catch (error) {
    throw faults.malformedPolicy(error instanceof AccessError ? error.message : 'the session policy is not JSON');
  }
}
