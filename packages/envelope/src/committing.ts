import { timingSafeEqual } from 'node:crypto';
import { notAuthentic } from './errors.ts';
import { deriveKeys, encryptionKeyLabel } from './keys.ts';
import { COMMIT_KEY_LENGTH, type Suite } from './suite.ts';

/** A suite that commits to one data key: message format version 2, AES-256-GCM, HKDF with SHA-512. */
export function committingSuite(id: number, name: string, verifierOf?: Suite['verifierOf']): Suite {
  const label = encryptionKeyLabel(id);
  return {
    id,
    name,
    messageVersion: 2,
    keyLength: 32,
    cipher: 'aes-256-gcm',
    messageIdLength: 32,
    commits: true,
    once: false,
    openingKey(dataKey, messageId, commitment) {
      const { encryptionKey, commitKey } = deriveKeys(label, dataKey, messageId);
      // Equal lengths first, which timingSafeEqual insists on.
      if (commitment.length !== COMMIT_KEY_LENGTH || !timingSafeEqual(commitment, commitKey)) throw notAuthentic();
      return encryptionKey;
    },
    ...(verifierOf === undefined ? {} : { verifierOf }),
  };
}

/** The suite that messages are written with by default, and that is always read: committing and unsigned. */
export const UNSIGNED_SUITE: Suite = committingSuite(0x0478, 'AES_256_GCM_HKDF_SHA512_COMMIT_KEY');
