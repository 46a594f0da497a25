import { Fault } from '../wire/fault.ts';
import type { WireRequest, WireResponse } from '../wire/message.ts';

/** The Query protocol of STS: a form in, XML out. */
export const STS_NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** Parameters of a form. A Map, because the names are the client's. */
export function readForm(body: Uint8Array): ReadonlyMap<string, string> {
  return new Map(new URLSearchParams(Buffer.from(body).toString('utf8')));
}

/** The same of a query; of a name that comes twice the last counts, as in a form. */
export function readQuery(query: WireRequest['query']): ReadonlyMap<string, string> {
  return new Map(query);
}

/** Text, or members in order. */
export type Xml = string | readonly (readonly [string, Xml])[];

export function writeXml(name: string, content: Xml, attribute = ''): string {
  const inner =
    typeof content === 'string' ? escaped(content) : content.map(([child, value]) => writeXml(child, value)).join('');
  return `<${name}${attribute}>${inner}</${name}>`;
}

/** What XML has no way to write, as most control characters, becomes the character for such. */
function escaped(text: string): string {
  return text.replace(UNWRITABLE, '\ufffd').replace(/[<>&"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** @see https://www.w3.org/TR/xml/#charsets */
const UNWRITABLE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/**
 * What STS calls the errors that the two services share, and their HTTP status; others keep their name and are 400.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 */
const ERRORS: Readonly<Record<string, readonly [code: string, status: number]>> = {
  AccessDeniedException: ['AccessDenied', 403],
  UnrecognizedClientException: ['InvalidClientTokenId', 403],
  InvalidSignatureException: ['SignatureDoesNotMatch', 403],
  ExpiredTokenException: ['ExpiredToken', 403],
  MissingAuthenticationTokenException: ['MissingAuthenticationToken', 403],
  IncompleteSignatureException: ['IncompleteSignature', 400],
  ValidationException: ['ValidationError', 400],
  UnknownOperationException: ['InvalidAction', 400],
  MalformedPolicyDocumentException: ['MalformedPolicyDocument', 400],
  KMSInternalException: ['InternalFailure', 500],
};

export function writeStsFault(fault: Fault, requestId: string): WireResponse {
  const [code, status] = ERRORS[fault.exception] ?? [fault.exception, 400];
  return xmlResponse(status, 'ErrorResponse', [
    [
      'Error',
      [
        ['Type', 'Sender'],
        ['Code', code],
        ['Message', fault.text ?? fault.explanation ?? ''],
      ],
    ],
    ['RequestId', requestId],
  ]);
}

export function writeStsAnswer(action: string, result: Xml, requestId: string): WireResponse {
  return xmlResponse(200, `${action}Response`, [
    [`${action}Result`, result],
    ['ResponseMetadata', [['RequestId', requestId]]],
  ]);
}

function xmlResponse(status: number, name: string, content: Xml): WireResponse {
  const xml = writeXml(name, content, ` xmlns="${STS_NAMESPACE}"`);
  return { status, headers: { 'content-type': 'text/xml' }, body: xml };
}

/** A parameter that is missing or not what it may be. */
export function invalidParameter(text: string): Fault {
  return new Fault('ValidationException', text);
}
