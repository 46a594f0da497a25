import { rotateToWaiting, waitingImport } from '../import/imported-material.ts';
import type { Key } from '../state/key.ts';
import { rememberRotation, rotate } from '../state/rotate.ts';
import { faults } from '../wire/texts.ts';
import { REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';
import { requirePrimary, requireSymmetric } from './rotation-checks.ts';

const MAX_ON_DEMAND = 25;
const TWENTY_MINUTES = 20 * 60 * 1000;

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_RotateKeyOnDemand.html */
export const rotateKeyOnDemand = operation({
  input: { KeyId: REQUIRED_KEY_ID },
  keys: [{ role: 'key', member: 'KeyId', alias: false }],
  permissions: [{ action: 'kms:RotateKeyOnDemand', on: 'key' }],
  states: 'cryptographic',
  usages: [],
  event: { readOnly: false, response: 'output' },
  run(_input, keys, { now }) {
    const key = keyIn(keys, 'key');
    requireSymmetric(key);
    requirePrimary(key);
    const { automatic, past } = key.rotation;
    if (past.filter(({ type }) => type === 'ON_DEMAND').length >= MAX_ON_DEMAND) throw faults.rotationsUsedUp(key.arn);
    if (automatic !== undefined && automatic.nextAt.getTime() - now.getTime() <= TWENTY_MINUTES) {
      throw faults.named('ConflictException', 'an automatic rotation is due within 20 minutes');
    }
    // It takes KMS seconds; here it is done when the call is.
    if (key.origin === 'EXTERNAL') rotateImported(key, now);
    else rotate(key, now, 'ON_DEMAND');
    return { KeyId: key.arn };
  },
});

/** Imported material is rotated in all Regions at once, so it has to be in all of them. */
function rotateImported(key: Key, now: Date): void {
  const waiting = waitingImport(key);
  const missing = key.family.filter((one) => waitingImport(one)?.material === undefined);
  if (waiting === undefined || missing.length > 0) {
    throw faults.nothingToRotateTo(key.arn, `no new material was imported into ${missing.map(({ arn }) => arn)}`);
  }
  for (const one of key.family) rotateToWaiting(one);
  rememberRotation(key, { materialId: waiting.id, at: now, type: 'ON_DEMAND' });
}
