import { claimsOf } from '../authorize/claims.ts';
import { randomUuid, usingRandom } from '../crypto/random.ts';
import { PairIsBeingMade, withoutWaiting } from '../crypto/rsa-pairs.ts';
import { authenticate } from '../identity/authenticate.ts';
import { deleteExpiredMaterial } from '../import/imported-material.ts';
import { befall } from '../injection/befall.ts';
import { OPERATION_TABLE } from '../operations/table.ts';
import { validate } from '../operations/validate.ts';
import { rotateDueKeys } from '../state/rotate.ts';
import { deleteExpiredKeys } from '../state/store.ts';
import { httpDate } from '../wire/date.ts';
import { Disconnection } from '../wire/fault.ts';
import { faultOf } from '../wire/fault-of.ts';
import { readJson, writeAnswer, writeFault } from '../wire/json.ts';
import type { Outcome, Postponed, WireRequest, WireResponse } from '../wire/message.ts';
import { faults } from '../wire/texts.ts';
import type { World } from '../world.ts';
import { type Progress, runHandler } from './call.ts';
import { emitKmsEvent } from './kms-event.ts';
import { rememberUse } from './last-use.ts';
import { DECIDING_STEPS, IDENTIFYING_STEPS } from './steps.ts';
import type { Trace } from './trace.ts';

const TARGET = /^TrentService\.([A-Za-z]{1,64})$/;

/** A KMS request that arrived, for {@link performKms}. */
export function newCall(world: World, request: WireRequest): Trace {
  const target = request.headers.get('x-amz-target') ?? '';
  return {
    requestId: usingRandom(world.random.calls(), randomUuid),
    name: TARGET.exec(target)?.[1] ?? 'Unknown',
    request,
    now: world.now(),
    injected: [],
    afterMillis: 0,
    region: world.region,
  };
}

/**
 * Performs one KMS request: authenticate, parse, validate, the steps, the handler; then its event and its answer. One that
 * needs an RSA pair is postponed until there is one, and others are answered meanwhile; not so where random bytes are those
 * of a seed, since who gets which would then hinge on how long a pair takes.
 */
export function performKms(world: World, call: Trace): Outcome | Postponed {
  const random = world.random.calls();
  const perform = (): Outcome | Postponed => performed(world, call);
  return usingRandom(random, random.seeded ? perform : () => withoutWaiting(perform));
}

function performed(world: World, trace: Trace): Outcome | Postponed {
  const outcome = (answer: Outcome['answer']): Outcome => ({ answer, afterMillis: trace.afterMillis });
  try {
    const answer = perform(world, trace);
    // The event first: writing the answer wipes the bytes in it.
    if (answer !== undefined) trace.answer = answer;
    rememberUse(trace, emitKmsEvent(world, trace));
    return outcome(withHeaders(writeAnswer(answer), trace, world.signingNow()));
  } catch (error) {
    if (error instanceof PairIsBeingMade) return { until: error.made };
    trace.fault = faultOf(error);
    emitKmsEvent(world, trace);
    if (trace.fault instanceof Disconnection) return outcome({ disconnected: trace.fault.code });
    return outcome(withHeaders(writeFault(trace.fault), trace, world.signingNow()));
  } finally {
    wipeBytes(trace.progress?.input);
  }
}

function perform(world: World, trace: Trace): Record<string, unknown> | undefined {
  let progress: Progress;
  try {
    progress = identify(world, trace);
  } catch (fault) {
    trace.changeAnswer ??= befall(world.faultPlan, trace);
    throw fault;
  }
  trace.changeAnswer ??= befall(world.faultPlan, trace);
  for (const step of DECIDING_STEPS) step(progress);
  const answer = runHandler(progress);
  if (progress.input['DryRun'] === true) {
    // Last, since a dry run that would fail fails in its own way.
    wipeBytes(answer);
    throw faults.dryRun();
  }
  return trace.changeAnswer(answer);
}

/** Who calls, what for, and which keys it concerns. */
function identify(world: World, trace: Trace): Progress {
  const { request, now, name } = trace;
  const { identity, region } = authenticate(request, 'kms', world, world.signingNow());
  trace.identity = identity;
  trace.region = region;
  const claims = claimsOf(request, world, region, identity);
  trace.claims = claims;
  const operation = OPERATION_TABLE.get(name);
  if (operation === undefined) throw faults.unknownOperation('KMS has no operation of this name');
  trace.operation = operation;
  deleteExpiredKeys(world.store, now);
  deleteExpiredMaterial(world.store, now);
  rotateDueKeys(world.store.rotating, now);
  const input = validate(operation.input, readJson(request.body));
  const userAgent = request.headers.get('user-agent');
  const account = identity.principal.account;
  const { sourceAddress } = request;
  const call = { world, operation: name, identity, account, region, now, sourceAddress, userAgent, claims };
  const progress: Progress = { call, operation, input, keys: new Map(), decision: undefined };
  trace.progress = progress;
  for (const step of IDENTIFYING_STEPS) step(progress);
  return progress;
}

function wipeBytes(members: Readonly<Record<string, unknown>> | undefined): void {
  if (members === undefined) return;
  for (const name of Object.keys(members)) {
    const value = members[name];
    if (value instanceof Uint8Array) value.fill(0);
  }
}

function withHeaders(response: WireResponse, trace: Trace, dateOfAnswer: Date): WireResponse {
  const { requestId, request } = trace;
  const headers: Record<string, string> = {
    'x-amzn-requestid': requestId,
    // The server's clock: SDKs that find theirs off correct it by this.
    date: httpDate(dateOfAnswer),
    // Last: V8 takes microseconds to copy an object that has members put after it.
    ...response.headers,
  };
  if (request.headers.get('x-keysmith-explain') === '1') {
    headers['x-keysmith-explain'] = explanation(trace);
  }
  return { status: response.status, headers, body: response.body };
}

const MAX_EXPLANATION = 2000;

/** One line of printable ASCII, as a header must be. */
function explanation({ progress, fault, injected }: Trace): string {
  const decision = progress?.decision;
  const parts = [
    ...injected.map(({ id, kind }) => `injected: ${kind} (${id})`),
    ...(decision === undefined ? [] : [`${decision.verdict}: ${decision.reasons.join('; ')}`]),
    ...(decision?.wouldHaveBeenDenied ? ['mode report let it pass'] : []),
    ...(fault?.explanation === undefined || decision !== undefined ? [] : [fault.explanation]),
  ];
  const text = parts.length === 0 ? 'no policy was asked' : parts.join('; ');
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, MAX_EXPLANATION);
}
