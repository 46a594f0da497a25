/** One HTTP request as the server sees it, whether it came over a socket or in the process. */
export interface WireRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Decoded names and values in the order of the request line. */
  readonly query: readonly (readonly [string, string])[];
  /** Names in lower case. A Map, because the names are the client's. */
  readonly headers: ReadonlyMap<string, string>;
  /** Exactly the bytes received: the signature covers them. */
  readonly body: Uint8Array;
  /** Address of the client, which becomes `aws:SourceIp`. */
  readonly sourceAddress: string;
}

/** One HTTP answer. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Every answer of both services is text. */
  readonly body: string;
}

/** What becomes of a request. */
export interface Outcome {
  /** The answer, or how the connection fails instead. */
  readonly answer: WireResponse | { readonly disconnected: 'ECONNRESET' | 'ECONNREFUSED' };
  /** Milliseconds that it is late. */
  readonly afterMillis: number;
}

/** A call that has changed nothing, and is to be performed once more. */
export interface Postponed {
  readonly until: Promise<void>;
}

/** Bytes that a request may have: a whole KMS request is under 300 kB (a key policy with every character escaped). */
export const MAX_BODY_BYTES = 1024 * 1024;
