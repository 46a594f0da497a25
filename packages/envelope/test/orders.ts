import { type Envelope, type EnvelopeOptions, envelope } from '../src/index.ts';
import type { RuntimeOptions } from '../src/options.ts';
import type { memoryKms } from './memory-kms.ts';
import { CONTRACT } from './settings.ts';

type Kms = ReturnType<typeof memoryKms>;

/** An envelope as a function has it: the declaration in its environment, here with some members replaced. */
export function orders(
  kms: Kms | EnvelopeOptions['kms'],
  over: object = {},
  options: Omit<RuntimeOptions, 'kms'> = {},
): Envelope {
  const env = { KEYSMITH_ENVELOPE_Orders: JSON.stringify({ ...CONTRACT, ...over }) };
  return envelope('Orders', { env, ...(kms === undefined ? {} : { kms }), ...options });
}

/** What a KMS was asked for, in order. */
export function operations({ calls }: Kms): string[] {
  return calls.map(({ operation }) => operation);
}
