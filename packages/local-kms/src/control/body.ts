import { LocalKmsError } from '../errors.ts';
import { readJson } from '../wire/json.ts';
import type { WireRequest, WireResponse } from '../wire/message.ts';
import { refusal } from './json.ts';

/** Answers what is made of the JSON object in a request, or why nothing is. */
export function withJson(
  { headers, body }: WireRequest,
  make: (value: Readonly<Record<string, unknown>>) => WireResponse,
): WireResponse {
  // A type that no page of another origin may send unasked.
  if (!headers.get('content-type')?.startsWith('application/json')) {
    return refusal(415, 'the body must have the content-type application/json');
  }
  try {
    return make(readJson(body));
  } catch (error) {
    if (error instanceof LocalKmsError) return refusal(400, error.message);
    return refusal(400, 'the body must be a JSON object');
  }
}
