import { committingSuite } from '../committing.ts';
import type { WritableFormat } from '../formats.ts';
import { SIGNING, verifierOn } from '../signature.ts';

const suite = committingSuite(0x0578, 'AES_256_GCM_HKDF_SHA512_COMMIT_KEY_ECDSA_P384', verifierOn('P-384'));

/**
 * Messages of suite 0x0578, which end in an ECDSA P-384 signature: the default of the AWS Encryption SDKs. The signature
 * tells readers apart from writers where they have different rights: who may decrypt could otherwise make messages that
 * decrypt as well. It takes about a millisecond more a message, and such messages cannot be read by range.
 *
 * Give it as `writes`, or among `reads`.
 * @see https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/supported-algorithms.html
 */
export const signedMessages: WritableFormat = {
  name: 'signedMessages',
  suites: [suite],
  writes: suite,
  signing: SIGNING,
};
