import { KeyAccess } from '../policy/key-access';
import type { KeyUse } from '../policy/key-uses';

/** What is left of a use on a key that is no longer, or not yet, current; null: nothing. Other uses stay as they are. */
const WHEN_KEPT: Readonly<Partial<Record<KeyUse, KeyUse | null>>> = {
  encrypt: null,
  generateDataKeys: null,
  encryptAndDecrypt: 'decrypt',
  sign: null,
  signAndVerify: 'verify',
  generateMac: null,
  generateAndVerifyMac: 'verifyMac',
};

/** An access list as it stands in the key policy of a kept generation: nothing new comes from its key. */
export function keptAccess(access: readonly KeyAccess[]): KeyAccess[] {
  return access.flatMap((one) => {
    const use = WHEN_KEPT[one._use];
    return use === null ? [] : [use === undefined ? one : KeyAccess._of(use, one._principals, one._conditions)];
  });
}
