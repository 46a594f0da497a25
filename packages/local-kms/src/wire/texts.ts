import { Fault } from './fault.ts';

/**
 * Every error that KMS answers, with its words, in one place. They are KMS's own words as recorded or published, since
 * programs compare them; where no source gives a text the answer has none, as many of KMS's have none.
 *
 * All of them are HTTP 400: the service model names other statuses, recorded answers do not have them. Only what is not the
 * client's fault has another.
 */
export const faults = {
  // Identity
  missingAuthentication: () => new Fault('MissingAuthenticationTokenException', 'Missing Authentication Token'),
  incompleteSignature: (what: string) => new Fault('IncompleteSignatureException', what),
  wrongSignature: (why: string) =>
    new Fault(
      'InvalidSignatureException',
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
      why,
    ),
  // With the space that AWS sends at the end.
  scopedToOtherService: (service: string) =>
    new Fault('InvalidSignatureException', `Credential should be scoped to correct service: '${service}'. `),
  scopedToNoRegion: (region: string) =>
    new Fault(
      'InvalidSignatureException',
      'Credential should be scoped to a valid region. ',
      `${region} is not the name of a Region`,
    ),
  signatureExpired: (signed: string, limit: string, now: string) =>
    new Fault(
      'InvalidSignatureException',
      `Signature expired: ${signed} is now earlier than ${limit} (${now} - 5 min.)`,
    ),
  presignedExpired: (limit: string, now: string) =>
    new Fault('InvalidSignatureException', `Signature expired: ${limit} is now earlier than ${now}`),
  signatureNotYetCurrent: (signed: string, limit: string, now: string) =>
    new Fault(
      'InvalidSignatureException',
      `Signature not yet current: ${signed} is still later than ${limit} (${now} + 5 min.)`,
    ),
  invalidToken: (why: string) =>
    new Fault('UnrecognizedClientException', 'The security token included in the request is invalid.', why),
  expiredToken: () => new Fault('ExpiredTokenException', 'The security token included in the request is expired'),

  // Protocol and parameters
  unknownOperation: (why: string) => new Fault('UnknownOperationException', undefined, why),
  serialization: (what: string) => new Fault('SerializationException', undefined, what),
  validation: (text: string) => new Fault('ValidationException', text),
  /** Parameters that KMS refuses with words that no source gives. */
  unworded: (why: string) => new Fault('ValidationException', undefined, why),
  unsupported: (why: string) => new Fault('UnsupportedOperationException', undefined, why),
  /** Errors that the service model declares and that have no words anywhere. */
  named: (exception: string, why: string) => new Fault(exception, undefined, why),
  invalidMarker: () => new Fault('InvalidMarkerException'),
  invalidGrantToken: (why: string) => new Fault('InvalidGrantTokenException', undefined, why),
  invalidGrantId: (why: string) => new Fault('InvalidGrantIdException', undefined, why),
  grantNotFound: (why: string) => new Fault('NotFoundException', undefined, why),
  limitExceeded: (why: string) => new Fault('LimitExceededException', undefined, why),
  customKeyStoreNotFound: () =>
    new Fault('CustomKeyStoreNotFoundException', undefined, 'the local account has no custom key store'),

  // Service
  throttled: () =>
    new Fault(
      'ThrottlingException',
      'You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.',
    ),

  // Identifiers
  keyNotFound: (arn: string) => new Fault('NotFoundException', `Key '${arn}' does not exist`),
  malformedKeyId: (sent: string) => new Fault('NotFoundException', `Invalid keyId '${sent}'`),
  arnOfOtherRegion: (region: string) => new Fault('NotFoundException', `Invalid arn ${region}`),
  aliasNotFound: (arn: string) => new Fault('NotFoundException', `Alias ${arn} is not found.`),
  aliasNotSupported: () => new Fault('InvalidArnException', 'Key Aliases are not supported for this operation.'),
  malformedArn: (why: string) => new Fault('InvalidArnException', undefined, why),
  aliasPrefix: () =>
    new Fault(
      'ValidationException',
      'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
    ),
  aliasReserved: () =>
    new Fault('NotAuthorizedException', undefined, 'aliases that begin with alias/aws/ belong to AWS managed keys'),
  aliasExists: (arn: string) => new Fault('AlreadyExistsException', `An alias with the name ${arn} already exists`),
  noSuchPolicy: (name: string) => new Fault('NotFoundException', `No such policy exists: ${name}`),

  // Keys
  disabled: (arn: string) => new Fault('DisabledException', `${arn} is disabled.`),
  invalidState: (arn: string, words: string) => new Fault('KMSInvalidStateException', `${arn} is ${words}.`),
  usage: (arn: string, usage: string, operation: string) =>
    new Fault('InvalidKeyUsageException', `${arn} key usage is ${usage} which is not valid for ${operation}.`),
  algorithm: (algorithm: string, spec: string) =>
    new Fault('InvalidKeyUsageException', `Algorithm ${algorithm} is incompatible with key spec ${spec}.`),
  origin: (arn: string, origin: string) =>
    new Fault('UnsupportedOperationException', `${arn} origin is ${origin} which is not valid for this operation.`),
  materialPending: (arn: string, id: string, waiting: string) =>
    new Fault(
      'KMSInvalidStateException',
      `New key material (id: ${id}) cannot be imported into KMS key ${arn}, because another key material (id: ${waiting}) is pending rotation.`,
    ),
  incorrectMaterial: (why: string) => new Fault('IncorrectKeyMaterialException', undefined, why),
  invalidImportToken: (why: string) => new Fault('InvalidImportTokenException', undefined, why),
  expiredImportToken: () => new Fault('ExpiredImportTokenException'),
  malformedPolicy: (why: string) => new Fault('MalformedPolicyDocumentException', undefined, why),
  policyLockout: () =>
    new Fault(
      'MalformedPolicyDocumentException',
      'The new key policy will not allow you to update the key policy in the future.',
    ),
  notPrimary: (arn: string) => new Fault('UnsupportedOperationException', `${arn} is not a multi-region primary key.`),
  nothingToRotateTo: (arn: string, why: string) =>
    new Fault('KMSInvalidStateException', `No available key material pending rotation for the key: ${arn}.`, why),
  rotationsUsedUp: (arn: string) =>
    new Fault(
      'LimitExceededException',
      `The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be performed for this key: ${arn}`,
    ),
  tags: (text: 'Duplicate tag keys' | 'Too many tags' | 'Tags beginning with aws: are reserved') =>
    new Fault('TagException', text),

  // Cryptography
  invalidCiphertext: (why: string) => new Fault('InvalidCiphertextException', undefined, why),
  incorrectKey: () =>
    new Fault(
      'IncorrectKeyException',
      'The key ID in the request does not identify a CMK that can perform this operation.',
    ),
  keyOfCiphertextHidden: (why: string) =>
    new Fault(
      'AccessDeniedException',
      'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.',
      why,
    ),
  plaintextTooLong: (algorithm: string, spec: string, limit: number) =>
    new Fault(
      'ValidationException',
      `Algorithm ${algorithm} and key spec ${spec} cannot encrypt data larger than ${limit} bytes.`,
    ),
  digestLength: (algorithm: string) =>
    new Fault('ValidationException', `Digest is invalid length for algorithm ${algorithm}.`),
  invalidSignature: () => new Fault('KMSInvalidSignatureException'),
  invalidMac: () => new Fault('KMSInvalidMacException'),
  dryRun: () =>
    new Fault('DryRunOperationException', 'The request would have succeeded, but the DryRun option is set.'),

  // Authorization
  accessDenied: (text: string, why?: string) => new Fault('AccessDeniedException', text, why),
} as const;
