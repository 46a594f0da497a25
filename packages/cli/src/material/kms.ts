import type { ImportKeyMaterialCommandInput, KeyMetadata, KMSClient, WrappingKeySpec } from '@aws-sdk/client-kms';
import { CliError } from '../errors.ts';
import { type Parameters, publicKeyOf } from './parameters.ts';
import type { WrappingAlgorithm } from './wrapping.ts';

/** What to do about an answer of KMS, in words of the command line. */
const HINTS: Readonly<Record<string, string>> = {
  AccessDeniedException: 'it takes kms:DescribeKey, kms:GetParametersForImport and kms:ImportKeyMaterial on the key',
  ExpiredImportTokenException:
    'the parameters were valid for 24 hours; get new ones with "keysmith import-material parameters"',
  IncorrectKeyMaterialException:
    'a key takes the material again that it had before, and no other; give that file, or --new-material for a symmetric key that shall be rotated to it',
  InvalidCiphertextException: 'the material was not wrapped with the public key of these parameters; wrap it again',
  InvalidImportTokenException: 'the parameters are for another key, or not of this KMS; get new ones for this key',
  NotFoundException: 'look at the key, the account and the Region',
  ThrottlingException: 'KMS gives out parameters once in four seconds; try again',
};

/** Names of errors that say that there are no credentials, or none that can be used. */
const CREDENTIALS = /^(CredentialsProviderError|UnrecognizedClientException|ExpiredTokenException|TokenProviderError)$/;

/** The key, as far as an import has to know it. */
export interface ExternalKey {
  readonly arn: string;
  readonly spec: string;
  readonly metadata: KeyMetadata;
}

/** Takes longest of all that a command loads, so that only those wait for it that call KMS. */
const sdk = () => import('@aws-sdk/client-kms');

/** A client in the Region of a key ARN; of anything else, in the Region of the environment. */
export async function clientFor(key: string): Promise<KMSClient> {
  const { KMSClient } = await sdk();
  const region = /^arn:[^:]+:kms:([^:]+):/.exec(key)?.[1];
  return new KMSClient(region === undefined ? {} : { region });
}

/**
 * Looks a key up whose material is imported.
 * @throws {@link CliError} `REFUSED` for any other
 */
export async function externalKey(client: KMSClient, KeyId: string): Promise<ExternalKey> {
  const { DescribeKeyCommand } = await sdk();
  const { KeyMetadata: metadata } = await asked(KeyId, () => client.send(new DescribeKeyCommand({ KeyId })));
  if (metadata?.Arn === undefined || metadata.KeySpec === undefined) {
    throw new CliError('REFUSED', `${KeyId}: KMS describes no key`);
  }
  if (metadata.Origin !== 'EXTERNAL') {
    throw new CliError(
      'REFUSED',
      `${metadata.Arn} has origin ${metadata.Origin}, and takes no material; make a key with origin EXTERNAL (KeyOrigin.EXTERNAL)`,
    );
  }
  return { arn: metadata.Arn, spec: metadata.KeySpec, metadata };
}

/** Asks KMS for a wrapping key and a token. */
export async function getParameters(
  client: KMSClient,
  { arn, spec }: ExternalKey,
  wrappingAlgorithm: WrappingAlgorithm,
  wrappingKeySpec: WrappingKeySpec,
): Promise<Parameters> {
  const { GetParametersForImportCommand } = await sdk();
  const answer = await asked(arn, () =>
    client.send(
      new GetParametersForImportCommand({
        KeyId: arn,
        WrappingAlgorithm: wrappingAlgorithm,
        WrappingKeySpec: wrappingKeySpec,
      }),
    ),
  );
  const publicKey = publicKeyOf(Buffer.from(answer.PublicKey ?? []).toString('base64'));
  if (publicKey === undefined || answer.ImportToken === undefined || answer.ParametersValidTo === undefined) {
    throw new CliError('REFUSED', `${arn}: KMS answered without a usable wrapping key`);
  }
  return {
    keyArn: arn,
    keySpec: spec,
    wrappingAlgorithm,
    validTo: answer.ParametersValidTo,
    publicKey,
    importToken: answer.ImportToken,
  };
}

/** Gives wrapped material to KMS; the answer is the id that KMS has for it, of a symmetric key. */
export async function importMaterial(
  client: KMSClient,
  input: ImportKeyMaterialCommandInput & { readonly KeyId: string },
): Promise<string | undefined> {
  const { ImportKeyMaterialCommand } = await sdk();
  const answer = await asked(input.KeyId, () => client.send(new ImportKeyMaterialCommand(input)));
  return answer.KeyMaterialId;
}

async function asked<T>(key: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    throw refusal(key, cause);
  }
}

function refusal(key: string, cause: unknown): CliError {
  const { name, message, $retryable } = cause as Error & { readonly $retryable?: object };
  const said =
    message === '' || message === 'UnknownError' || message === name ? name : `${name}: ${message.replace(/\.$/, '')}`;
  const hint = CREDENTIALS.test(name)
    ? 'give credentials where the AWS SDKs look for them, or use "keysmith run"'
    : HINTS[name];
  const again = $retryable !== undefined || name === 'ThrottlingException' || name === 'TimeoutError';
  return new CliError(again ? 'TRY_AGAIN' : 'REFUSED', `${key}: ${said}${hint === undefined ? '' : `; ${hint}`}`, {
    cause,
  });
}
