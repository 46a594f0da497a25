import type { ServiceUse } from './service-use';
import { AUDIT_USES } from './uses/audit';
import { IDENTITY_USES } from './uses/callers';
import { DATA_USES } from './uses/data';
import { EVENT_USES } from './uses/events';
import { LOG_USES } from './uses/logs';
import { MESSAGE_USES } from './uses/messages';
import { SIGNING_USES } from './uses/signing';
import { STORAGE_USES } from './uses/storage';

const TABLE = {
  ...LOG_USES,
  ...AUDIT_USES,
  ...STORAGE_USES,
  ...MESSAGE_USES,
  ...EVENT_USES,
  ...DATA_USES,
  ...IDENTITY_USES,
  ...SIGNING_USES,
} as const;

/** The name of a use. */
export type UseId = keyof typeof TABLE;

/** Every use that is known. */
export const SERVICE_USES: Readonly<Record<UseId, ServiceUse>> = TABLE;
