import { UNSIGNED_SUITE } from '../src/committing.ts';
import { contextOf } from '../src/context.ts';
import { nonCommittingMessages } from '../src/formats/non-committing.ts';
import { nonFramedMessages } from '../src/formats/non-framed.ts';
import { signedMessages } from '../src/formats/signed.ts';
import { formatsOf } from '../src/formats.ts';
import type { Settings } from '../src/options.ts';
import { createMonitor } from '../src/stats.ts';
import type { DataKeyWrapping } from '../src/wrapping.ts';

export const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
export const OTHER_KEY = 'arn:aws:kms:eu-west-1:444455556666:key/0987dcba-09fe-87dc-65ba-ab0987654321';

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
    limits: {},
    monitor: createMonitor('test'),
    ...over,
  };
}
