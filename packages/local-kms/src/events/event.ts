import { randomUuid } from '../crypto/random.ts';
import { arnOf, type Identity, userIdOf } from '../identity/principal.ts';
import type { InjectedFaultRecord } from '../injection/injection.ts';
import { madeOnce } from '../made-once.ts';
import { isoSecond } from '../wire/date.ts';

/** Why a call was allowed or not; not part of CloudTrail. */
export interface DecisionRecord {
  /** `unknown`: a policy could not be decided; in mode `enforce` the call was denied. */
  readonly verdict: 'allowed' | 'denied' | 'unknown' | 'not asked';
  /** In words, what decided first. */
  readonly reasons: readonly string[];
  /** In mode `report`: the call passed, and this would have been denied. */
  readonly wouldHaveBeenDenied?: true;
}

/**
 * One call, in the shape of a CloudTrail record and with its words.
 * Plaintext, ciphertext, key material and credentials are never in it; the encryption context is, as in CloudTrail.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html
 */
export interface LocalKmsEvent {
  readonly eventVersion: '1.11';
  readonly userIdentity: UserIdentity;
  /** ISO 8601, whole seconds, of the server's clock. */
  readonly eventTime: string;
  readonly eventSource: 'kms.amazonaws.com' | 'sts.amazonaws.com';
  readonly eventName: string;
  readonly awsRegion: string;
  readonly sourceIPAddress: string;
  readonly userAgent: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly requestParameters: Readonly<Record<string, unknown>> | null;
  readonly responseElements: Readonly<Record<string, unknown>> | null;
  readonly additionalEventData?: { readonly keyMaterialId: string };
  readonly requestID: string;
  readonly eventID: string;
  readonly readOnly: boolean;
  readonly resources: readonly EventResource[];
  readonly eventType: 'AwsApiCall';
  readonly managementEvent: true;
  readonly recipientAccountId: string;
  readonly eventCategory: 'Management';
  /** Of a call that came through a VPC endpoint. */
  readonly vpcEndpointId?: string;
  readonly vpcEndpointAccountId?: string;
  /** Not part of CloudTrail: what the policies said. */
  readonly decision?: DecisionRecord;
  /** Not part of CloudTrail: what the answer on the wire does not tell. */
  readonly explanation?: string;
  /**
   * Not part of CloudTrail: the faults that were injected into this call, so that nobody takes them for the doing of the
   * app. Where the connection failed instead of an answer, `errorCode` is the code of what the client saw.
   */
  readonly injectedFaults?: readonly InjectedFaultRecord[];
}

export interface UserIdentity {
  readonly type: 'AssumedRole' | 'IAMUser' | 'Root' | 'AWSService' | 'Unknown';
  readonly principalId?: string;
  readonly arn?: string;
  readonly accountId?: string;
  readonly accessKeyId?: string;
  readonly userName?: string;
  /** Service that made the call, for the principal or, with type `AWSService`, for itself; e.g. `s3.amazonaws.com`. */
  readonly invokedBy?: string;
  readonly sessionContext?: {
    readonly sessionIssuer: {
      readonly type: 'Role';
      readonly principalId: string;
      readonly arn: string;
      readonly accountId: string;
      readonly userName: string;
    };
  };
}

export interface EventResource {
  readonly accountId: string;
  readonly type: 'AWS::KMS::Key' | 'AWS::KMS::Alias' | 'AWS::IAM::Role';
  readonly ARN: string;
}

/** What a call tells about itself; the rest of the event is the same for all. */
export type EventFacts = RequiredFacts & { readonly [Name in OptionalFact]?: LocalKmsEvent[Name] | undefined };

type RequiredFacts = Pick<
  LocalKmsEvent,
  | 'eventSource'
  | 'eventName'
  | 'awsRegion'
  | 'sourceIPAddress'
  | 'userAgent'
  | 'requestParameters'
  | 'responseElements'
  | 'requestID'
  | 'readOnly'
  | 'resources'
  | 'recipientAccountId'
>;

type OptionalFact =
  | 'errorCode'
  | 'errorMessage'
  | 'additionalEventData'
  | 'vpcEndpointId'
  | 'vpcEndpointAccountId'
  | 'decision'
  | 'explanation'
  | 'injectedFaults';

/** Who called, and when. */
export interface EventCaller {
  readonly identity: Identity | undefined;
  readonly now: Date;
  /** Service that made the call for the principal. */
  readonly invokedBy?: string | undefined;
}

/**
 * Builds the event. Members without a value are absent, as in CloudTrail. Every call has one, so that none of its members
 * is spread from another object, which takes V8 microseconds.
 */
export function buildEvent({ identity, now, invokedBy }: EventCaller, facts: EventFacts): LocalKmsEvent {
  const event: { -readonly [Name in keyof LocalKmsEvent]: LocalKmsEvent[Name] } = {
    eventVersion: '1.11',
    userIdentity: invokedBy === undefined ? userIdentityOf(identity) : { ...userIdentityOf(identity), invokedBy },
    eventTime: isoSecond(now),
    eventSource: facts.eventSource,
    eventName: facts.eventName,
    awsRegion: facts.awsRegion,
    sourceIPAddress: facts.sourceIPAddress,
    userAgent: facts.userAgent,
    requestParameters: facts.requestParameters,
    responseElements: facts.responseElements,
    requestID: facts.requestID,
    eventID: randomUuid(),
    readOnly: facts.readOnly,
    resources: facts.resources,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: facts.recipientAccountId,
    eventCategory: 'Management',
  };
  if (facts.errorCode !== undefined) event.errorCode = facts.errorCode;
  if (facts.errorMessage !== undefined) event.errorMessage = facts.errorMessage;
  if (facts.additionalEventData !== undefined) event.additionalEventData = facts.additionalEventData;
  if (facts.vpcEndpointId !== undefined) event.vpcEndpointId = facts.vpcEndpointId;
  if (facts.vpcEndpointAccountId !== undefined) event.vpcEndpointAccountId = facts.vpcEndpointAccountId;
  if (facts.decision !== undefined) event.decision = facts.decision;
  if (facts.explanation !== undefined) event.explanation = facts.explanation;
  if (facts.injectedFaults !== undefined) event.injectedFaults = facts.injectedFaults;
  return event;
}

/** Who called, for people: a role and not its session, which is new with every run. Undefined: nobody who is known. */
export function callerOfEvent({ userIdentity }: LocalKmsEvent): string | undefined {
  const { sessionContext, arn, type, invokedBy } = userIdentity;
  return sessionContext?.sessionIssuer.arn ?? arn ?? (type === 'AWSService' ? invokedBy : undefined);
}

function userIdentityOf(identity: Identity | undefined): UserIdentity {
  return identity === undefined ? { type: 'Unknown' } : knownUserIdentity(identity);
}

const knownUserIdentity = madeOnce((identity: Identity) => Object.freeze(newUserIdentity(identity)));

function newUserIdentity(identity: Identity): UserIdentity {
  const { principal, session, accessKeyId } = identity;
  if (principal.type === 'service') return { type: 'AWSService', invokedBy: principal.name };
  return {
    type: session ? 'AssumedRole' : principal.type === 'user' ? 'IAMUser' : 'Root',
    principalId: userIdOf(identity),
    arn: arnOf(identity),
    accountId: principal.account,
    ...(accessKeyId !== undefined && { accessKeyId }),
    ...(principal.type === 'user' && { userName: principal.name }),
    ...(session && {
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: principal.id,
          arn: principal.arn,
          accountId: principal.account,
          userName: principal.name,
        },
      },
    }),
  };
}
