import { contextOf } from '../src/context.ts';
import type { Settings } from '../src/options.ts';
import { createMonitor } from '../src/stats.ts';
import { DEFAULT_SUITE } from '../src/suites.ts';
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

/** Settings without rules for the context, over any wrapping. */
export function settingsFor(wrapping: DataKeyWrapping, over: Partial<Settings> = {}): Settings {
  return {
    label: 'test',
    contract: { ...CONTRACT, context: contextOf([]), requiredContext: [] },
    wrapping,
    frameLength: 65_536,
    maxEncryptedDataKeys: 10,
    maxCacheEntries: 1_000,
    suite: DEFAULT_SUITE,
    nonCommitting: 'refuse',
    unstoredContext: [],
    limits: {},
    monitor: createMonitor('test'),
    ...over,
  };
}
