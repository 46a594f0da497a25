import { AccessError, type Policy, parsePolicy } from '@cdk-keysmith/access';
import { issueSession, MAX_SESSION_SECONDS } from '../identity/identities.ts';
import { arnOf, type Identity, type Principal } from '../identity/principal.ts';
import { faults } from '../wire/texts.ts';
import type { World } from '../world.ts';
import type { StsAnswer } from './answer.ts';
import { invalidParameter } from './query.ts';
import { decideTrust, type TrustDecision } from './trust.ts';

/** A role that was assumed by a role lives an hour at most, as IAM limits role chaining. */
const MAX_CHAINED_SECONDS = 3600;
const DEFAULT_SECONDS = 3600;
const MIN_SECONDS = 900;
const SESSION_NAME = /^[\w+=,.@-]{2,64}$/;
/** Characters that a session policy may have. */
const MAX_POLICY = 2048;

/** Parameters that would change what the session may do, and that are not there: refused, never ignored. */
const REFUSED =
  /^(?:PolicyArns|Tags|TransitiveTagKeys|SerialNumber|TokenCode|ProvidedContexts|ExternalId|SourceIdentity)\b/;

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export function assumeRole(form: ReadonlyMap<string, string>, caller: Identity, world: World, now: Date): StsAnswer {
  const refused = [...form.keys()].find((name) => REFUSED.test(name));
  if (refused !== undefined) throw invalidParameter(`the local STS does not take ${refused.slice(0, 80)}`);
  const roleArn = form.get('RoleArn') ?? '';
  const name = form.get('RoleSessionName') ?? '';
  if (!SESSION_NAME.test(name)) {
    throw invalidParameter(
      "Value at 'roleSessionName' failed to satisfy constraint: 2 to 64 of letters, digits, _+=,.@-",
    );
  }
  const seconds = durationOf(form.get('DurationSeconds'), caller);
  const policies = sessionPolicies(form.get('Policy'));
  const { role, decision } = trustedRole(roleArn, caller, world);
  const { credentials, identity } = issueSession(world.identities, role, { name, policies }, now, seconds);
  const result: StsAnswer['result'] = [
    [
      'Credentials',
      [
        ['AccessKeyId', credentials.accessKeyId],
        ['SecretAccessKey', credentials.secretAccessKey],
        ['SessionToken', credentials.sessionToken ?? ''],
        ['Expiration', credentials.expiration?.toISOString() ?? ''],
      ],
    ],
    [
      'AssumedRoleUser',
      [
        ['AssumedRoleId', `${role.id}:${name}`],
        ['Arn', arnOf(identity)],
      ],
    ],
  ];
  if (world.mode === 'off') return { result };
  const passed = decision.verdict !== 'allowed' && { wouldHaveBeenDenied: true as const };
  return { result, decision: { verdict: decision.verdict, reasons: [decision.reason], ...passed } };
}

/** A role that does not exist is denied like one that may not be assumed, as STS does. */
function trustedRole(
  arn: string,
  caller: Identity,
  world: World,
): { readonly role: Principal; readonly decision: TrustDecision } {
  const role = world.identities.principals.find((one) => one.type === 'role' && one.arn === arn);
  const decision = role && decideTrust(role, caller);
  if (role !== undefined && decision !== undefined && (decision.verdict === 'allowed' || world.mode !== 'enforce')) {
    return { role, decision };
  }
  throw faults.accessDenied(
    `User: ${arnOf(caller)} is not authorized to perform: sts:AssumeRole on resource: ${arn.slice(0, 2048)}`,
    decision?.reason ?? 'the app has no role with this ARN',
  );
}

function durationOf(sent: string | undefined, caller: Identity): number {
  const max = caller.session === undefined ? MAX_SESSION_SECONDS : MAX_CHAINED_SECONDS;
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
