import { type Command, Option } from 'commander';
import type { MaterialOptions } from '../../material/source.ts';
import { WRAPPING_KEY_SPECS } from '../../material/values.ts';
import { WRAPPING_ALGORITHMS, type WrappingAlgorithm } from '../../material/wrapping.ts';
import { given } from '../../options.ts';

/** How the material is wrapped on its way to KMS. */
export interface WrappingOptions {
  readonly wrappingAlgorithm?: WrappingAlgorithm;
  readonly wrappingKeySpec?: (typeof WRAPPING_KEY_SPECS)[number];
}

export function addWrappingOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--wrapping-algorithm <name>', 'How the material is wrapped, by default as its kind needs it').choices(
        WRAPPING_ALGORITHMS,
      ),
    )
    .addOption(
      new Option('--wrapping-key-spec <spec>', 'Length of the wrapping key, by default RSA_4096').choices(
        WRAPPING_KEY_SPECS,
      ),
    );
}

export function keyOption(): Option {
  return new Option('--key <key>', 'The key: its ARN, its id, or an alias of the Region').argParser(given);
}

export function parametersOption(): Option {
  return new Option('--parameters <file>', 'What "keysmith import-material parameters" wrote').argParser(given);
}

export function addMaterialOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--material-file <file>',
        'The material: the bytes of a secret key, a private key as PEM or PKCS #8 DER; "-" for the standard input',
      )
        .argParser(given)
        .conflicts(['generate', 'saveMaterial', 'discardMaterial']),
    )
    .option('--generate', 'Generate the material here')
    .option('--save-material <file>', 'With --generate: keep it in this file, for its owner only', given)
    .option('--discard-material', 'With --generate: keep no copy; what expires or is deleted is then lost for good');
}

/** Ends the command unless it is clear where material comes from, and that it can be had again. */
export function requireMaterial(options: MaterialOptions, command: Command): void {
  const { materialFile, generate, saveMaterial, discardMaterial } = options;
  if (materialFile === undefined && generate !== true) {
    command.error('say where the material comes from: --material-file <file>, or --generate');
  }
  if (generate !== true) return;
  if (saveMaterial === undefined && discardMaterial !== true) {
    command.error(
      'KMS gives material back to nobody, and a key whose material expired takes only the same again: keep it with --save-material <file>, or say --discard-material',
    );
  }
  if (saveMaterial !== undefined && discardMaterial === true) {
    command.error("option '--save-material <file>' cannot be used with option '--discard-material'");
  }
}
