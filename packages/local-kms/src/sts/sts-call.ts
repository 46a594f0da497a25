import { randomUuid, usingRandom } from '../crypto/random.ts';
import { buildEvent, type DecisionRecord } from '../events/event.ts';
import { authenticate } from '../identity/authenticate.ts';
import { arnOf, type Identity, userIdOf } from '../identity/principal.ts';
import { Fault } from '../wire/fault.ts';
import type { WireRequest, WireResponse } from '../wire/message.ts';
import { faults } from '../wire/texts.ts';
import type { World } from '../world.ts';
import type { StsAnswer } from './answer.ts';
import { assumeRole } from './assume-role.ts';
import { readForm, writeStsAnswer, writeStsFault } from './query.ts';

/** One action of the Security Token Service. */
type StsAction = (form: ReadonlyMap<string, string>, caller: Identity, world: World, now: Date) => StsAnswer;

/** The part of STS that SDKs need to find out who they are and to become somebody else. */
export const STS_ACTIONS: ReadonlyMap<string, StsAction> = new Map<string, StsAction>([
  ['AssumeRole', assumeRole],
  ['GetCallerIdentity', getCallerIdentity],
]);

/** Performs one STS request. */
export function performSts(world: World, request: WireRequest): WireResponse {
  return usingRandom(world.random.calls(), () => performed(world, request));
}

function performed(world: World, request: WireRequest): WireResponse {
  const now = world.signingNow();
  const requestId = randomUuid();
  const form = readForm(request.body);
  const name = form.get('Action')?.slice(0, 64) ?? 'Unknown';
  let identity: Identity | undefined;
  let region = world.region;
  let fault: Fault | undefined;
  let decision: DecisionRecord | undefined;
  let response: WireResponse;
  try {
    ({ identity, region } = authenticate(request, 'sts', world, now));
    const action = STS_ACTIONS.get(name);
    if (action === undefined)
      throw faults.unknownOperation(`the local STS has ${[...STS_ACTIONS.keys()].join(' and ')}`);
    const answer = action(form, identity, world, now);
    decision = answer.decision;
    response = writeStsAnswer(name, answer.result, requestId);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    fault = error;
    response = writeStsFault(fault, requestId);
  }
  const roleArn = form.get('RoleArn')?.slice(0, 2048);
  const roleSessionName = form.get('RoleSessionName')?.slice(0, 64);
  world.emit(
    buildEvent({
      identity,
      now,
      eventSource: 'sts.amazonaws.com',
      eventName: name,
      awsRegion: region,
      sourceIPAddress: request.sourceAddress,
      userAgent: request.headers.get('user-agent') ?? '',
      ...(fault && { errorCode: fault.exception }),
      ...(fault?.text !== undefined && { errorMessage: fault.text }),
      requestParameters: roleArn === undefined ? null : { roleArn, roleSessionName },
      responseElements: null,
      requestID: requestId,
      readOnly: true,
      resources: [],
      recipientAccountId: identity?.principal.account ?? world.account,
      ...(decision && { decision }),
      ...(fault?.explanation !== undefined && { explanation: fault.explanation }),
    }),
  );
  return { ...response, headers: { ...response.headers, 'x-amzn-requestid': requestId, date: now.toUTCString() } };
}

/** Everybody may ask; a valid signature is all it takes. */
function getCallerIdentity(_form: ReadonlyMap<string, string>, caller: Identity): StsAnswer {
  const result: StsAnswer['result'] = [
    ['Arn', arnOf(caller)],
    ['UserId', userIdOf(caller)],
    ['Account', caller.principal.account],
  ];
  return { result };
}
