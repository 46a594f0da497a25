import type { Circumstances } from '../authorize/circumstances.ts';
import { NO_CLAIMS } from '../authorize/way.ts';
import { randomUuid, usingRandom } from '../crypto/random.ts';
import { buildEvent } from '../events/event.ts';
import { authenticate } from '../identity/authenticate.ts';
import { arnOf, type Identity, userIdOf } from '../identity/principal.ts';
import type { Fault } from '../wire/fault.ts';
import { faultOf } from '../wire/fault-of.ts';
import type { WireRequest, WireResponse } from '../wire/message.ts';
import { faults } from '../wire/texts.ts';
import type { World } from '../world.ts';
import type { StsAnswer } from './answer.ts';
import { assumeRole } from './assume-role.ts';
import { assumeRoleWithWebIdentity } from './assume-role-with-web-identity.ts';
import type { StsCall } from './call.ts';
import { readForm, readQuery, writeStsAnswer, writeStsFault } from './query.ts';
import { verifyWebIdentityToken, type WebIdentityClaims } from './web-identity-token.ts';

/** One action of the Security Token Service. */
type StsAction = (call: StsCall) => StsAnswer;

const WEB_IDENTITY = 'AssumeRoleWithWebIdentity';

/** The part of STS that SDKs need to find out who they are and to become somebody else. */
const SIGNED_ACTIONS: ReadonlyMap<string, StsAction> = new Map<string, StsAction>([
  ['AssumeRole', assumeRole],
  ['GetCallerIdentity', getCallerIdentity],
]);

/** What the token of a request says, or why it says nothing; undefined: the request has none. */
type Vouched = { readonly claims: WebIdentityClaims } | { readonly refused: unknown } | undefined;

/** Performs one STS request: a form, or, as presigned requests are sent, a query. */
export async function performSts(world: World, request: WireRequest): Promise<WireResponse> {
  const form = request.method === 'GET' ? readQuery(request.query) : readForm(request.body);
  // Verifying a token takes turns of its own; what is random comes after, in one go.
  const vouched = form.get('Action') === WEB_IDENTITY ? await vouchedFor(form, world) : undefined;
  return usingRandom(world.random.calls(), () => performed(form, vouched, world, request));
}

function vouchedFor(form: StsCall['form'], { webIdentityProviders, signingNow }: World): Promise<Vouched> {
  return verifyWebIdentityToken(form.get('WebIdentityToken') ?? '', webIdentityProviders, signingNow()).then(
    (claims) => ({ claims }),
    (refused: unknown) => ({ refused }),
  );
}

function performed(form: StsCall['form'], vouched: Vouched, world: World, request: WireRequest): WireResponse {
  const now = world.signingNow();
  const requestId = randomUuid();
  const name = form.get('Action')?.slice(0, 64) ?? 'Unknown';
  const known: { identity?: Identity; region: string; fault?: Fault; answer?: StsAnswer } = { region: world.region };
  let response: WireResponse;
  try {
    known.answer = answerTo(name, form, vouched, request, world, now, known);
    response = writeStsAnswer(name, known.answer.result, requestId);
  } catch (error) {
    known.fault = faultOf(error);
    response = writeStsFault(known.fault, requestId);
  }
  const { identity, region, fault, answer } = known;
  const roleArn = form.get('RoleArn')?.slice(0, 2048);
  const roleSessionName = form.get('RoleSessionName')?.slice(0, 64);
  world.emit(
    buildEvent(
      { identity, now },
      {
        eventSource: 'sts.amazonaws.com',
        eventName: name,
        awsRegion: region,
        sourceIPAddress: request.sourceAddress,
        userAgent: request.headers.get('user-agent') ?? '',
        errorCode: fault?.exception,
        errorMessage: fault?.text,
        requestParameters: roleArn === undefined ? null : { roleArn, roleSessionName },
        responseElements: null,
        requestID: requestId,
        readOnly: true,
        resources: [],
        recipientAccountId: identity?.principal.account ?? world.account,
        decision: answer?.decision,
        explanation: fault?.explanation,
      },
    ),
  );
  return { ...response, headers: { ...response.headers, 'x-amzn-requestid': requestId, date: now.toUTCString() } };
}

function answerTo(
  name: string,
  form: StsCall['form'],
  vouched: Vouched,
  request: WireRequest,
  world: World,
  now: Date,
  known: { identity?: Identity; region: string },
): StsAnswer {
  if (vouched !== undefined) {
    if ('refused' in vouched) throw vouched.refused;
    return assumeRoleWithWebIdentity(form, vouched.claims, request, world, now);
  }
  const { identity, region } = authenticate(request, 'sts', world, now);
  Object.assign(known, { identity, region });
  if (identity.principal.type === 'service') {
    throw faults.accessDenied(
      `User: ${arnOf(identity)} is not authorized to perform: sts:${name}`,
      'the local STS knows no AWS services: their credentials are for KMS',
    );
  }
  const action = SIGNED_ACTIONS.get(name);
  if (action === undefined) {
    throw faults.unknownOperation(`the local STS has ${[...SIGNED_ACTIONS.keys(), WEB_IDENTITY].join(', ')}`);
  }
  const { sourceAddress, headers } = request;
  const circumstances: Circumstances = {
    identity,
    region,
    now,
    sourceAddress,
    userAgent: headers.get('user-agent'),
    claims: NO_CLAIMS,
    organizationId: world.organization.id,
  };
  return action({ form, world, circumstances });
}

/** Everybody may ask; a valid signature is all it takes. */
function getCallerIdentity({ circumstances: { identity } }: StsCall): StsAnswer {
  const result: StsAnswer['result'] = [
    ['Arn', arnOf(identity)],
    ['UserId', userIdOf(identity)],
    ['Account', identity.principal.account],
  ];
  return { result };
}
