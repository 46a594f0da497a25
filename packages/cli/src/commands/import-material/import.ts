import { readFileSync } from 'node:fs';
import type { ImportKeyMaterialCommandInput, KMSClient } from '@aws-sdk/client-kms';
import { type Command, Option } from 'commander';
import { CliError } from '../../errors.ts';
import type { Io } from '../../io.ts';
import { algorithmFor } from '../../material/kinds.ts';
import { clientFor, externalKey, getParameters, importMaterial } from '../../material/kms.ts';
import type { Parameters } from '../../material/parameters.ts';
import type { MaterialOptions } from '../../material/source.ts';
import { validTo } from '../../material/values.ts';
import { fileError } from '../../message/failure.ts';
import { given } from '../../options.ts';
import {
  addMaterialOptions,
  addWrappingOptions,
  keyOption,
  parametersOption,
  requireMaterial,
  type WrappingOptions,
} from './options.ts';
import { statusText } from './status.ts';
import { readParameters, wrappedMaterial } from './wrap.ts';

/** `keysmith import-material import`: all at once, or what was wrapped elsewhere. */
export function addImport(parent: Command, io: Io): void {
  const command = parent
    .command('import')
    .description('Import material, for the first time or again: get parameters, wrap, hand over')
    .addOption(keyOption())
    .addOption(new Option('--valid-to <when>', EXPIRY).argParser(validTo).conflicts('doesNotExpire'))
    .option('--does-not-expire', 'The material stays until it is deleted')
    .option('--new-material', 'Symmetric keys: this is other material than before, for a rotation on demand')
    .option('--description <text>', 'Symmetric keys: what KMS lists with the material', given);
  addMaterialOptions(command);
  addWrappingOptions(command)
    .optionsGroup('What was wrapped elsewhere:')
    .addOption(parametersOption().conflicts(['wrappingAlgorithm', 'wrappingKeySpec']))
    .addOption(
      new Option('--wrapped <file>', 'What "keysmith import-material wrap" wrote')
        .argParser(given)
        .conflicts(['materialFile', 'generate', 'saveMaterial', 'discardMaterial']),
    )
    .action(async (options: ImportOptions) => runImport(options, command, io));
}

const EXPIRY = 'When KMS deletes the material: 90d, or a date such as 2027-03-31; at most 365 days';

interface ImportOptions extends WrappingOptions, MaterialOptions {
  readonly key?: string;
  readonly validTo?: Date;
  readonly doesNotExpire?: boolean;
  readonly newMaterial?: boolean;
  readonly description?: string;
  readonly parameters?: string;
  readonly wrapped?: string;
}

async function runImport(options: ImportOptions, command: Command, io: Io): Promise<void> {
  requireSound(options, command);
  const given = options.parameters === undefined ? undefined : readParameters(options.parameters);
  const name = options.key ?? given?.keyArn ?? '';
  const client = await clientFor(name);
  try {
    const { arn, parameters } = await parametersFor(client, name, given, options);
    const input: ImportKeyMaterialCommandInput & { KeyId: string } = {
      KeyId: arn,
      ImportToken: parameters.importToken,
      EncryptedKeyMaterial:
        options.wrapped === undefined ? await wrappedMaterial(parameters, options, io) : wrappedFile(options.wrapped),
      ExpirationModel: options.validTo === undefined ? 'KEY_MATERIAL_DOES_NOT_EXPIRE' : 'KEY_MATERIAL_EXPIRES',
      ...(options.validTo !== undefined && { ValidTo: options.validTo }),
      ...(options.newMaterial === true && { ImportType: 'NEW_KEY_MATERIAL' }),
      ...(options.description !== undefined && { KeyMaterialDescription: options.description }),
    };
    const id = await importMaterial(client, input);
    const { metadata } = await externalKey(client, arn);
    const waits = id !== undefined && id !== metadata.CurrentKeyMaterialId;
    io.stdout.write(`imported into ${arn}\n`);
    if (waits) io.stdout.write(`material ${id} waits for RotateKeyOnDemand; until then the one below is used\n`);
    io.stdout.write(statusText(metadata));
  } finally {
    client.destroy();
  }
}

function requireSound(options: ImportOptions, command: Command): void {
  if (options.key === undefined && options.parameters === undefined) {
    command.error('say which key: --key <key>, or --parameters <file> with --wrapped <file>');
  }
  if ((options.wrapped === undefined) !== (options.parameters === undefined)) {
    command.error('--parameters <file> and --wrapped <file> go together');
  }
  if (options.wrapped === undefined) requireMaterial(options, command);
  if (options.validTo === undefined && options.doesNotExpire !== true) {
    command.error('say how long the material is valid: --valid-to <when>, or --does-not-expire');
  }
}

async function parametersFor(
  client: KMSClient,
  name: string,
  given: Parameters | undefined,
  options: ImportOptions,
): Promise<{ readonly arn: string; readonly parameters: Parameters }> {
  const key = await externalKey(client, name);
  if (given === undefined) {
    const algorithm = algorithmFor(key.spec, options.wrappingAlgorithm);
    const parameters = await getParameters(client, key, algorithm, options.wrappingKeySpec ?? 'RSA_4096');
    return { arn: key.arn, parameters };
  }
  if (given.keyArn !== key.arn) {
    throw new CliError('REFUSED', `${options.parameters} is for ${given.keyArn}, not for ${key.arn}; leave --key out`);
  }
  if (given.validTo.getTime() <= Date.now()) {
    const since = given.validTo.toISOString();
    throw new CliError(
      'REFUSED',
      `${options.parameters} is not valid since ${since}; get new parameters, and wrap the material again`,
    );
  }
  return { arn: key.arn, parameters: given };
}

function wrappedFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw fileError('read', path, cause);
  }
}
