import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { CliError } from '../../errors.ts';
import type { Io } from '../../io.ts';
import { fits } from '../../material/kinds.ts';
import { type Parameters, parseParameters } from '../../material/parameters.ts';
import { type MaterialOptions, materialOf } from '../../material/source.ts';
import { wrap } from '../../material/wrapping.ts';
import { fileError } from '../../message/failure.ts';
import { attempt, makeFile, ORDINARY, targetOf } from '../../message/files.ts';
import { given } from '../../options.ts';
import { addMaterialOptions, parametersOption, requireMaterial } from './options.ts';

/** `keysmith import-material wrap`: needs no network, so that the material can stay where there is none. */
export function addWrap(parent: Command, io: Io): void {
  const command = parent
    .command('wrap')
    .description('Wrap material for KMS, without network; the result is no secret')
    .addOption(parametersOption().makeOptionMandatory())
    .requiredOption('--out <file>', 'Write the wrapped material to this file', given);
  addMaterialOptions(command).action(async (options: WrapOptions) => {
    requireMaterial(options, command);
    const parameters = readParameters(options.parameters);
    const target = await targetOf(options.out);
    const wrapped = await wrappedMaterial(parameters, options, io);
    const before = () => requireOther(target, options);
    await makeFile(target, { mode: ORDINARY, before }, (handle) =>
      attempt('write', options.out, () => handle.writeFile(wrapped)),
    );
  });
}

interface WrapOptions extends MaterialOptions {
  readonly parameters: string;
  readonly out: string;
}

/** Nobody but KMS can unwrap what is wrapped, so it must not take the place of the material, by whatever name. */
async function requireOther(out: string, { materialFile, saveMaterial }: MaterialOptions): Promise<void> {
  const paths = [out, materialFile ?? saveMaterial ?? ''];
  const [there, material] = await Promise.all(paths.map((path) => stat(path, { bigint: true }).catch(() => undefined)));
  if (there === undefined || there.dev !== material?.dev || there.ino !== material.ino) return;
  throw new CliError('FILE', `--out ${out} is the file with the material, and may be its only copy; name another file`);
}

/** @throws {@link CliError} `FILE` */
export function readParameters(path: string): Parameters {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw fileError('read', path, cause);
  }
  return parseParameters(text, path);
}

/**
 * The material of the options, wrapped; in the clear it is wiped whatever happens.
 * @throws {@link CliError} `REFUSED`, `FILE`
 */
export async function wrappedMaterial(parameters: Parameters, options: MaterialOptions, io: Io): Promise<Buffer> {
  const { publicKey, wrappingAlgorithm, keySpec } = parameters;
  const material = await materialOf(keySpec, options, io);
  try {
    const modulusBytes = (publicKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
    if (!fits(material.length, modulusBytes, wrappingAlgorithm)) {
      throw new CliError(
        'REFUSED',
        `${wrappingAlgorithm} with a wrapping key of ${modulusBytes * 8} bits cannot wrap ${keySpec}; use RSA_AES_KEY_WRAP_SHA_256 or a longer wrapping key`,
      );
    }
    return wrap(publicKey, wrappingAlgorithm, material);
  } finally {
    material.fill(0);
  }
}
