import { type Envelope, type EnvelopeOptions, envelope } from '../src/index.ts';
import type { RuntimeOptions } from '../src/options.ts';
import { CONTRACT } from './settings.ts';

/** An envelope as a function has it: the declaration in its environment, here with some members replaced. */
export function orders(
  kms: EnvelopeOptions['kms'],
  over: object = {},
  options: Omit<RuntimeOptions, 'kms'> = {},
): Envelope {
  const env = { KEYSMITH_ENVELOPE_Orders: JSON.stringify({ ...CONTRACT, ...over }) };
  return envelope('Orders', { env, ...(kms === undefined ? {} : { kms }), ...options });
}
