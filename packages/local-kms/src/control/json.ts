import type { WireResponse } from '../wire/message.ts';

/** An answer of the local KMS's own, which nobody keeps. */
export function json(status: number, value?: unknown): WireResponse {
  const body = value === undefined ? '' : `${JSON.stringify(value)}\n`;
  return { status, headers: { 'content-type': 'application/json', ...SAFE_HEADERS }, body };
}

export function refusal(status: number, message: string): WireResponse {
  return json(status, { message });
}

/** No browser guesses another type, keeps the answer, or shows it inside of another page. */
export const SAFE_HEADERS = {
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;
