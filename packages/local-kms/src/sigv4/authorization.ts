import type { WireRequest } from '../wire/message.ts';
import { faults } from '../wire/texts.ts';

/** What Signature Version 4 says about a request, in a header or in its query, taken apart. */
export interface Authorization {
  readonly accessKeyId: string;
  /** `yyyymmdd`. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  /** Lower case, in the order that the client signed. */
  readonly signedHeaders: readonly string[];
  /** 64 hexadecimal digits. */
  readonly signature: string;
  /** `yyyymmddThhmmssZ`, as sent. */
  readonly timestamp: string;
  /** Empty: none was sent. */
  readonly sessionToken: string;
  /** Seconds that a presigned request is good for; undefined: the signature is in a header. */
  readonly expiresSeconds: number | undefined;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const SCOPE = /^([A-Za-z0-9]{4,128})\/(\d{8})\/([a-z0-9-]{1,64})\/([a-z0-9-]{1,64})\/aws4_request$/;
const SIGNED_HEADERS = /^[a-z0-9-]+(?:;[a-z0-9-]+)*$/;
const SIGNATURE = /^[0-9a-f]{64}$/;
/** Longer than any real one; the limit keeps the expressions above from running over megabytes. */
const MAX_LENGTH = 4096;

/** The member of the query that holds the signature, and that it therefore does not cover. */
export const QUERY_SIGNATURE = 'X-Amz-Signature';
/** Seconds: a week. */
const MAX_EXPIRES = 604_800;

/**
 * Takes apart what was sent, in a header or, for a presigned request, in the query.
 * @throws Fault MissingAuthenticationTokenException or IncompleteSignatureException
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
 */
export function readAuthorization({ headers, query }: WireRequest): Authorization {
  const header = headers.get('authorization');
  const signature = query.length === 0 ? undefined : query.find(([name]) => name === QUERY_SIGNATURE);
  if (signature !== undefined) {
    if (header === undefined) return fromQuery(query);
    throw faults.incompleteSignature('The request has a signature in its Authorization header and one in its query.');
  }
  if (header === undefined) throw faults.missingAuthentication();
  const { accessKeyId, date, region, service, signedHeaders, signature: sent } = parseAuthorization(header);
  return {
    accessKeyId,
    date,
    region,
    service,
    signedHeaders,
    signature: sent,
    timestamp: headers.get('x-amz-date') ?? '',
    sessionToken: headers.get('x-amz-security-token') ?? '',
    expiresSeconds: undefined,
  };
}

type Signed = Omit<Authorization, 'timestamp' | 'sessionToken' | 'expiresSeconds'>;

/**
 * The `Authorization` header. Each part is there once: of two that differ, the client and the server might take another.
 * @throws Fault IncompleteSignatureException
 */
export function parseAuthorization(header: string): Signed {
  const end = header.length - SIGNATURE_LENGTH;
  const known = end > 0 ? KNOWN.get(header.slice(0, end)) : undefined;
  const signature = known === undefined ? '' : header.slice(end);
  if (known !== undefined && SIGNATURE.test(signature)) {
    const { accessKeyId, date, region, service, signedHeaders } = known;
    return { accessKeyId, date, region, service, signedHeaders, signature };
  }
  const parsed = parsedAuthorization(header);
  if (header.endsWith(`Signature=${parsed.signature}`)) {
    if (KNOWN.size >= MAX_KNOWN) KNOWN.clear();
    KNOWN.set(header.slice(0, end), parsed);
  }
  return parsed;
}

/** What a client sends is the same all day but for the signature, which comes last. */
const KNOWN = new Map<string, Signed>();
const MAX_KNOWN = 1_000;
const SIGNATURE_LENGTH = 64;

function parsedAuthorization(header: string): Signed {
  const space = header.indexOf(' ');
  if (header.length > MAX_LENGTH || header.slice(0, space) !== ALGORITHM) {
    throw faults.incompleteSignature(`Authorization header requires ${ALGORITHM}.`);
  }
  const parts = new Map<string, string>();
  for (const part of header.slice(space + 1).split(',')) {
    const equals = part.indexOf('=');
    const name = part.slice(0, equals).trim();
    if (parts.has(name)) throw faults.incompleteSignature('Authorization header has a parameter twice.');
    parts.set(name, part.slice(equals + 1).trim());
  }
  return signedOf('Authorization header', parts.get('Credential'), parts.get('SignedHeaders'), parts.get('Signature'));
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function fromQuery(query: WireRequest['query']): Authorization {
  const of = (name: string): string => {
    const [found, ...others] = query.filter(([one]) => one === name);
    if (others.length > 0) throw faults.incompleteSignature(`The query has '${name}' twice.`);
    return found?.[1] ?? '';
  };
  if (of('X-Amz-Algorithm') !== ALGORITHM) {
    throw faults.incompleteSignature(`AWS query-string parameters must include 'X-Amz-Algorithm' of ${ALGORITHM}.`);
  }
  const expires = of('X-Amz-Expires');
  const expiresSeconds = /^\d{1,6}$/.test(expires) ? Number(expires) : 0;
  if (expiresSeconds < 1 || expiresSeconds > MAX_EXPIRES) {
    throw faults.incompleteSignature(`X-Amz-Expires must be 1 to ${MAX_EXPIRES} seconds.`);
  }
  const parts = [of('X-Amz-Credential'), of('X-Amz-SignedHeaders'), of(QUERY_SIGNATURE)] as const;
  return {
    ...signedOf('AWS query-string', ...parts),
    timestamp: of('X-Amz-Date'),
    sessionToken: of('X-Amz-Security-Token'),
    expiresSeconds,
  };
}

function signedOf(
  where: string,
  credential: string | undefined,
  signedHeaders: string | undefined,
  signature: string | undefined,
): Signed {
  const [, accessKeyId, date, region, service] = SCOPE.exec(within(credential)) ?? [];
  if (accessKeyId === undefined || date === undefined || region === undefined || service === undefined) {
    throw faults.incompleteSignature(`${where} requires a 'Credential' parameter with a scope.`);
  }
  if (!SIGNED_HEADERS.test(within(signedHeaders))) {
    throw faults.incompleteSignature(`${where} requires a 'SignedHeaders' parameter.`);
  }
  if (!SIGNATURE.test(within(signature))) {
    throw faults.incompleteSignature(`${where} requires a 'Signature' parameter.`);
  }
  const names = within(signedHeaders).split(';');
  return { accessKeyId, date, region, service, signedHeaders: names, signature: within(signature) };
}

function within(text = ''): string {
  return text.length > MAX_LENGTH ? '' : text;
}
