import { UNSIGNED_SUITE } from '../src/committing.ts';
import { contextOf } from '../src/context.ts';
import { createMonitor, type Monitor } from '../src/events.ts';
import { nonCommittingMessages } from '../src/formats/non-committing.ts';
import { nonFramedMessages } from '../src/formats/non-framed.ts';
import { signedMessages } from '../src/formats/signed.ts';
import { formatsOf } from '../src/formats.ts';
import type { Settings } from '../src/options.ts';
import type { DataKeyWrapping } from '../src/wrapping.ts';

// The keys of fixtures/orders: the local KMS gives a key of an app the same ARN at every start.
export const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/5be28e2d-c6ab-4257-a44a-12bca24b7ea1';
/** In another account, whose key policy lets the account of the first one use it. */
export const OTHER_KEY = 'arn:aws:kms:eu-west-1:444455556666:key/a5795d8b-4cdd-4666-b998-749c471b945e';
/** The same in another Region. */
export const LONDON_KEY = 'arn:aws:kms:eu-west-2:444455556666:key/d6ccdd62-f500-44ad-ac19-6f808d76b2d1';
/** A multi-Region key, and the name of its replica. */
export const GLOBAL_KEY = 'arn:aws:kms:eu-west-1:111122223333:key/mrk-1e11a12a0302d2e405c9c17b01bc384b';
export const REPLICA_KEY = 'arn:aws:kms:us-east-1:111122223333:key/mrk-1e11a12a0302d2e405c9c17b01bc384b';
/** Points at the first key. */
export const ALIAS = 'arn:aws:kms:eu-west-1:111122223333:alias/orders';

/** A complete declaration, as the construct writes it. */
export const CONTRACT = {
  version: 1,
  direction: 'both',
  wrapKeys: [KEY],
  unwrapKeys: [KEY],
  context: { service: 'orders' },
  requiredContext: ['tenant'],
  cache: { maxAgeSeconds: 300, maxMessages: 10_000, maxBytes: 1_073_741_824 },
} as const;

/** Every kind of message. */
export const EVERYTHING = formatsOf([signedMessages, nonCommittingMessages, nonFramedMessages]);

/** Settings that write signed messages, and read them. */
export const SIGNED = {
  suite: signedMessages.writes,
  signing: signedMessages.signing,
  formats: formatsOf([signedMessages]),
} as const;

/** Settings without rules for the context, over any wrapping. */
export function settingsFor(wrapping: DataKeyWrapping, over: Partial<Settings> = {}): Settings {
  const listeners: Monitor[] = [];
  return {
    label: 'test',
    contract: { ...CONTRACT, context: contextOf([]), requiredContext: [] },
    wrapping,
    frameLength: 65_536,
    maxEncryptedDataKeys: 10,
    maxCacheEntries: 1_000,
    suite: UNSIGNED_SUITE,
    signing: undefined,
    formats: formatsOf([]),
    monitor: createMonitor('test', listeners),
    listeners,
    ...over,
  };
}
