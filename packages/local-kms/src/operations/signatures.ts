import type { MessageType, Scheme, SchemeOfType, SigningKey } from '../crypto/signing/scheme.ts';
import { SCHEMES, type SigningAlgorithm } from '../crypto/signing/schemes.ts';
import type { Key } from '../state/key.ts';
import { faults } from '../wire/texts.ts';
import { usableMaterial } from './encryption.ts';

interface SigningInput {
  readonly Message: Uint8Array;
  readonly MessageType?: MessageType;
  readonly SigningAlgorithm: SigningAlgorithm;
}

/**
 * What signs and verifies the message of a request. Sign and Verify refuse the same messages.
 * @throws Fault ValidationException for a type that the algorithm does not take, or a digest of another length
 */
export function schemeFor({ Message, MessageType = 'RAW', SigningAlgorithm }: SigningInput): SchemeOfType {
  const scheme: Scheme = SCHEMES[SigningAlgorithm];
  const ofType = scheme[MessageType];
  if (ofType === undefined) throw faults.unworded(`${SigningAlgorithm} does not take a message of type ${MessageType}`);
  if (ofType.bytes !== undefined && Message.length !== ofType.bytes) throw faults.digestLength(SigningAlgorithm);
  return ofType;
}

export function signingKeyOf(key: Key): SigningKey {
  return { spec: key.spec, secret: usableMaterial(key).secret };
}
