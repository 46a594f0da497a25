import type { DecisionRecord } from '../events/event.ts';
import { type Issued, issueSession } from '../identity/identities.ts';
import { arnOf, type ManagedSessionPolicy, type Principal, type SessionTerms } from '../identity/principal.ts';
import type { World } from '../world.ts';
import { invalidParameter, type Xml } from './query.ts';

/** What an action of STS answers, and what a policy said about it, for the event. */
export interface StsAnswer {
  readonly result: Xml;
  readonly decision?: DecisionRecord;
}

/** The managed policies that a request names, for the session. */
export function managedPolicies(
  arns: readonly string[],
  { sessionPolicyNamed }: Pick<World, 'sessionPolicyNamed'>,
): readonly ManagedSessionPolicy[] {
  return arns.map((arn) => ({ arn, policy: sessionPolicyNamed(arn) }));
}

/**
 * Begins a session, and says so in the members that all actions of this kind answer with.
 * @throws Fault ValidationException for a session that the role does not let live so long
 */
export function sessionMembers(
  world: World,
  role: Principal,
  terms: SessionTerms,
  now: Date,
  seconds: number,
): readonly (readonly [string, Xml])[] {
  if (seconds > (role.maxSessionSeconds ?? seconds)) {
    throw invalidParameter('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
  const issued: Issued = issueSession(world.identities, role, terms, now, seconds);
  const { accessKeyId, secretAccessKey, sessionToken = '', expiration } = issued.credentials;
  return [
    [
      'Credentials',
      [
        ['AccessKeyId', accessKeyId],
        ['SecretAccessKey', secretAccessKey],
        ['SessionToken', sessionToken],
        ['Expiration', expiration?.toISOString() ?? ''],
      ],
    ],
    [
      'AssumedRoleUser',
      [
        ['AssumedRoleId', `${role.id}:${terms.name}`],
        ['Arn', arnOf(issued.identity)],
      ],
    ],
    ...(terms.sourceIdentity === undefined ? [] : [['SourceIdentity', terms.sourceIdentity] as const]),
  ];
}
