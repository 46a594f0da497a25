import { buildEvent, type EventFacts, type EventResource, type LocalKmsEvent } from '../events/event.ts';
import { requestParameters, shownAnswer } from '../events/parameters.ts';
import { aliasArn } from '../state/arn.ts';
import type { World } from '../world.ts';
import { textOf } from './call.ts';
import type { Trace } from './trace.ts';

/** Emits the event of a call. Every call has one, the refused ones too. */
export function emitKmsEvent(world: World, trace: Trace): LocalKmsEvent {
  const { name, request, region, identity, operation, progress, answer, fault, injected, now } = trace;
  const material = answer?.['KeyMaterialId'] ?? answer?.['DestinationKeyMaterialId'];
  // What a service does for somebody comes from the service.
  const service = trace.claims?.via?.replace(/\.[^.]+\.(amazonaws\.com(?:\.cn)?)$/, '.$1');
  const endpoint = trace.claims?.endpoint;
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
    resources: resourcesOf(trace),
    recipientAccountId: identity?.principal.account ?? world.account,
    decision: progress?.decision,
    explanation: fault?.explanation,
    injectedFaults: injected.length > 0 ? injected : undefined,
  };
  const event = buildEvent({ identity, now, invokedBy: service }, facts);
  world.emit(event);
  return event;
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
