import { createPublicKey, type KeyObject } from 'node:crypto';
import { CliError } from '../errors.ts';
import { WRAPPING_ALGORITHMS, type WrappingAlgorithm } from './wrapping.ts';

/** What KMS gives out for one import. Nothing of it is secret. */
export interface Parameters {
  readonly keyArn: string;
  readonly keySpec: string;
  readonly wrappingAlgorithm: WrappingAlgorithm;
  /** When KMS stops taking them. */
  readonly validTo: Date;
  readonly publicKey: KeyObject;
  readonly importToken: Uint8Array;
}

const VERSION = 1;

/** The text of a file that goes to the machine that has the material. */
export function parametersText(parameters: Parameters): string {
  const { publicKey, importToken, validTo, ...rest } = parameters;
  const file = {
    version: VERSION,
    ...rest,
    validTo: validTo.toISOString(),
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    importToken: Buffer.from(importToken).toString('base64'),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/**
 * Reads such a file.
 * @throws {@link CliError} `FILE` when it is not one
 */
export function parseParameters(text: string, name: string): Parameters {
  const wrong = (why: string) =>
    new CliError('FILE', `${name} is no file of "keysmith import-material parameters": ${why}; make it anew`);
  const json = jsonOf(text);
  if (json === undefined) throw wrong('it is not a JSON object');
  if (json['version'] !== VERSION) throw wrong(`its version is not ${VERSION}`);
  const { keyArn, keySpec, validTo, publicKey, importToken } = json;
  for (const [member, value] of Object.entries({ keyArn, keySpec, validTo, publicKey, importToken })) {
    if (typeof value !== 'string' || value === '') throw wrong(`${member} is missing`);
  }
  const wrappingAlgorithm = WRAPPING_ALGORITHMS.find((one) => one === json['wrappingAlgorithm']);
  if (wrappingAlgorithm === undefined) throw wrong('wrappingAlgorithm is none that is known');
  const until = new Date(String(validTo));
  const key = publicKeyOf(String(publicKey));
  if (Number.isNaN(until.getTime())) throw wrong('validTo is no date');
  if (key === undefined) throw wrong('publicKey is no RSA public key');
  return {
    keyArn: String(keyArn),
    keySpec: String(keySpec),
    wrappingAlgorithm,
    validTo: until,
    publicKey: key,
    importToken: new Uint8Array(Buffer.from(String(importToken), 'base64')),
  };
}

/** An RSA public key in DER, as base64 text. */
export function publicKeyOf(base64: string): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'rsa' ? key : undefined;
  } catch {
    return undefined;
  }
}

function jsonOf(text: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && !Array.isArray(json)
      ? (json as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
