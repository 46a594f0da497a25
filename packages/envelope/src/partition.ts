import { createHash } from 'node:crypto';
import { latin1 } from './bytes.ts';
import type { EncryptionContext } from './context.ts';
import type { Suite } from './suite.ts';

/*
 * What names the data keys of one cache. A cache belongs to one envelope and one direction, so that keys, policy and
 * suite for writing are the same for all of its entries; what remains is what one message differs in from another.
 */

/** Names longer than this are hashed, so that the names of a full cache stay small. */
const MAX_LENGTH = 1_024;

/** The partition of messages that are written with this context, in whatever order its names come. */
export function contextPartition(context: EncryptionContext): string {
  let partition = '';
  for (const name of Object.keys(context).sort()) {
    const value = context[name] ?? '';
    // With their lengths, so that no two contexts read the same.
    partition += `${name.length}:${name}${value.length}:${value}`;
  }
  return bounded(partition);
}

/**
 * The partition of messages that are read: the suite, and context and wrapped data keys as the message has them, byte
 * for byte. The same bytes unwrap to the same data key.
 */
export function messagePartition(suite: Suite, sharedSection: Uint8Array): string {
  return bounded(`${suite.id}:${latin1(sharedSection)}`);
}

function bounded(partition: string): string {
  return partition.length <= MAX_LENGTH ? partition : createHash('sha256').update(partition).digest('base64');
}
