import { buildEvent, type EventFacts, type EventResource, type LocalKmsEvent } from '../events/event.ts';
import { requestParameters, shownAnswer } from '../events/parameters.ts';
import type { Identity } from '../identity/principal.ts';
import { aliasArn } from '../state/arn.ts';
import type { World } from '../world.ts';
import { textOf } from './call.ts';
import type { Trace } from './trace.ts';

/** Emits the event of a call. Every call has one, the refused ones too. */
export function emitKmsEvent(world: World, trace: Trace): LocalKmsEvent {
  const { name, request, region, identity, operation, progress, answer, fault, injected, now } = trace;
  const material = answer?.['KeyMaterialId'] ?? answer?.['DestinationKeyMaterialId'];
  // What a service does, for somebody or for itself, comes from the service.
  const via = trace.claims?.via?.replace(/\.[^.]+\.(amazonaws\.com(?:\.cn)?)$/, '.$1');
  const service = via ?? identity?.principal.service?.service;
  const endpoint = trace.claims?.endpoint;
  const resources = resourcesOf(trace);
  const facts: EventFacts = {
    eventSource: 'kms.amazonaws.com',
    eventName: name,
    awsRegion: region,
    sourceIPAddress: service ?? request.sourceAddress,
    userAgent: service ?? request.headers.get('user-agent') ?? '',
    vpcEndpointId: endpoint?.id,
    vpcEndpointAccountId: endpoint?.account,
    errorCode: fault?.exception,
    errorMessage: fault?.text,
    requestParameters: progress ? requestParameters(progress.operation.input, progress.input, name) : null,
    responseElements: fault ? null : responseElements(trace),
    additionalEventData: typeof material === 'string' ? { keyMaterialId: material } : undefined,
    requestID: trace.requestId,
    readOnly: operation?.event.readOnly ?? true,
    resources,
    recipientAccountId: recipientOf(resources, identity) ?? world.account,
    decision: progress?.decision,
    explanation: fault?.explanation,
    injectedFaults: injected.length > 0 ? injected : undefined,
  };
  const event = buildEvent({ identity, now, invokedBy: via }, facts);
  world.emit(event);
  return event;
}

/** The account that has the event: that of the caller, or, of a service, which is in none, that of the key. */
function recipientOf([first]: readonly EventResource[], identity: Identity | undefined): string | undefined {
  const { principal } = identity ?? {};
  return (principal?.type === 'service' ? first?.accountId : undefined) ?? principal?.account;
}

function responseElements({ operation, progress, answer }: Trace): Record<string, unknown> | null {
  const key = progress?.keys.get('key')?.key;
  if (operation?.event.response === 'keyId' && key !== undefined) return { keyId: key.arn };
  if (operation?.event.response === 'grantId' && answer !== undefined) return { grantId: answer['GrantId'] };
  return operation?.event.response === 'output' && answer !== undefined ? shownAnswer(answer) : null;
}

const ALIAS_OPERATIONS: ReadonlySet<string> = new Set(['CreateAlias', 'DeleteAlias', 'UpdateAlias']);

function resourcesOf({ name, progress }: Trace): readonly EventResource[] {
  if (progress === undefined) return [];
  const keys: EventResource[] = [];
  for (const { key } of progress.keys.values()) {
    keys.push({ accountId: key.account, type: 'AWS::KMS::Key', ARN: key.arn });
  }
  const alias = ALIAS_OPERATIONS.has(name) ? textOf(progress, 'AliasName') : undefined;
  if (alias === undefined) return keys;
  const { account, region } = progress.call;
  return [...keys, { accountId: account, type: 'AWS::KMS::Alias', ARN: aliasArn(account, region, alias) }];
}
