import type { EventPattern } from 'aws-cdk-lib/aws-events';
import { KeyEvent } from './key-event';

/** Requests that CloudTrail records, by their names; `byService` tells those that a service made from all others. */
interface Calls {
  readonly calls: readonly string[];
  readonly byService?: boolean;
}

/** An event that KMS sends itself, by its `detail-type`. */
interface Own {
  readonly own: string;
}

/**
 * Where each event comes from.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-kms.html
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/kms-events.html
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/understanding-kms-entries.html
 */
const SOURCES: Readonly<Record<KeyEvent, Calls | Own>> = {
  [KeyEvent.DELETION_SCHEDULED]: { calls: ['ScheduleKeyDeletion'] },
  [KeyEvent.DISABLED]: { calls: ['DisableKey'] },
  [KeyEvent.POLICY_CHANGED]: { calls: ['PutKeyPolicy'] },
  [KeyEvent.GRANT_CREATED]: { calls: ['CreateGrant'], byService: false },
  [KeyEvent.GRANT_CREATED_BY_SERVICE]: { calls: ['CreateGrant'], byService: true },
  [KeyEvent.ALIAS_CHANGED]: { calls: ['CreateAlias', 'DeleteAlias', 'UpdateAlias'] },
  [KeyEvent.TAGS_CHANGED]: { calls: ['TagResource', 'UntagResource'] },
  [KeyEvent.ROTATION_DISABLED]: { calls: ['DisableKeyRotation'] },
  [KeyEvent.MATERIAL_DELETED]: { calls: ['DeleteImportedKeyMaterial'] },
  [KeyEvent.ROTATED]: { own: 'KMS CMK Rotation' },
  [KeyEvent.MATERIAL_EXPIRED]: { own: 'KMS Imported Key Material Expiration' },
  [KeyEvent.DELETED]: { own: 'KMS CMK Deletion' },
};

/** Whether there is such an event: JavaScript can name any. */
export function isEvent(event: KeyEvent): boolean {
  return Object.hasOwn(SOURCES, event);
}

/** Whether the event is a request, which has somebody who made it. */
export function isRequest(event: KeyEvent): boolean {
  return 'calls' in SOURCES[event];
}

/** The pattern that the event has for these keys, and requests that KMS refused have not. */
export function patternOf(event: KeyEvent, keyArns: readonly string[]): EventPattern {
  const source = SOURCES[event];
  if ('own' in source) {
    return { source: ['aws.kms'], detailType: [source.own], resources: [...keyArns] };
  }
  return {
    source: ['aws.kms'],
    detailType: ['AWS API Call via CloudTrail'],
    detail: {
      eventSource: ['kms.amazonaws.com'],
      eventName: [...source.calls],
      errorCode: [{ exists: false }],
      // The request may name the key by its id or its ARN; CloudTrail resolves it here.
      resources: { ARN: [...keyArns] },
      ...(source.byService !== undefined && { userIdentity: { invokedBy: [{ exists: source.byService }] } }),
    },
  };
}
