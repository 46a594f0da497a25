import { faults } from '../wire/texts.ts';

/** An `Authorization` header of Signature Version 4, taken apart. */
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
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const SCOPE = /^([A-Za-z0-9]{4,128})\/(\d{8})\/([a-z0-9-]{1,64})\/([a-z0-9-]{1,64})\/aws4_request$/;
const SIGNED_HEADERS = /^[a-z0-9-]+(?:;[a-z0-9-]+)*$/;
const SIGNATURE = /^[0-9a-f]{64}$/;
/** Longer than any real one; the limit keeps the expressions above from running over megabytes. */
const MAX_LENGTH = 4096;

/** @throws Fault IncompleteSignatureException */
export function parseAuthorization(header: string): Authorization {
  const space = header.indexOf(' ');
  if (header.length > MAX_LENGTH || header.slice(0, space) !== ALGORITHM) {
    throw faults.incompleteSignature(`Authorization header requires ${ALGORITHM}.`);
  }
  const parts = new Map<string, string>();
  for (const part of header.slice(space + 1).split(',')) {
    const equals = part.indexOf('=');
    parts.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim());
  }
  const [, accessKeyId, date, region, service] = SCOPE.exec(parts.get('Credential') ?? '') ?? [];
  const signedHeaders = parts.get('SignedHeaders') ?? '';
  const signature = parts.get('Signature') ?? '';
  if (accessKeyId === undefined || date === undefined || region === undefined || service === undefined) {
    throw faults.incompleteSignature("Authorization header requires a 'Credential' parameter with a scope.");
  }
  if (!SIGNED_HEADERS.test(signedHeaders)) {
    throw faults.incompleteSignature("Authorization header requires a 'SignedHeaders' parameter.");
  }
  if (!SIGNATURE.test(signature)) {
    throw faults.incompleteSignature("Authorization header requires a 'Signature' parameter.");
  }
  return { accessKeyId, date, region, service, signedHeaders: signedHeaders.split(';'), signature };
}
