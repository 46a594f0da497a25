import type { FuzzAnswer } from './socket.ts';

/**
 * Errors that KMS has: those of its service model, and those that all services of AWS share.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html
 */
const ERRORS = new Set(
  (
    'AccessDeniedException AlreadyExistsException ConflictException CustomKeyStoreNotFoundException DependencyTimeoutException ' +
    'DisabledException DryRunOperationException ExpiredImportTokenException ExpiredTokenException IncompleteSignatureException ' +
    'IncorrectKeyException IncorrectKeyMaterialException IncorrectTrustAnchorException InvalidAliasNameException ' +
    'InvalidArnException InvalidCiphertextException InvalidGrantIdException InvalidGrantTokenException ' +
    'InvalidImportTokenException InvalidKeyUsageException InvalidMarkerException InvalidSignatureException ' +
    'KMSInvalidMacException KMSInvalidSignatureException KMSInvalidStateException KeyUnavailableException ' +
    'LimitExceededException MalformedPolicyDocumentException MissingAuthenticationTokenException NotAuthorizedException ' +
    'NotFoundException SerializationException TagException ThrottlingException UnknownOperationException ' +
    'UnrecognizedClientException UnsupportedOperationException ValidationException CloudHsmClusterInvalidConfigurationException ' +
    'CustomKeyStoreInvalidStateException CustomKeyStoreNameInUseException CloudHsmClusterNotFoundException'
  ).split(' '),
);
/** Answers of HTTP itself, to what is no request of KMS. */
const PLAIN = new Set([400, 403, 404, 408, 413, 415, 431]);

/** What is wrong with an answer; undefined: it is one of KMS's, of STS's or of HTTP's own. */
export function complaint({ status, body }: FuzzAnswer): string | undefined {
  // The connection was closed without an answer: for a refused body, and for what is no HTTP.
  if (status === 0 || status === 200 || status === 201 || status === 204) return undefined;
  if (status === 400 && body.startsWith('{')) {
    const { __type, message } = JSON.parse(body) as { readonly __type?: string; readonly message?: string };
    if (__type === undefined) return message === undefined ? 'an error without a name' : undefined;
    return ERRORS.has(__type) ? undefined : `error ${__type} is none of KMS`;
  }
  return PLAIN.has(status) ? undefined : `status ${status}: ${body.slice(0, 200)}`;
}

/** By what answers are counted. */
export function kindOf({ status, body }: FuzzAnswer): string {
  const type = /"__type":"(\w+)"/.exec(body)?.[1] ?? /<Code>(\w+)</.exec(body)?.[1];
  return type ?? (status === 0 ? 'closed' : String(status));
}
