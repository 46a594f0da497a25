import type { Command } from 'commander';
import type { Io } from '../../io.ts';
import { algorithmFor } from '../../material/kinds.ts';
import { clientFor, externalKey, getParameters } from '../../material/kms.ts';
import { parametersText } from '../../material/parameters.ts';
import { given } from '../../options.ts';
import { writeReport } from '../../output.ts';
import { addWrappingOptions, keyOption, type WrappingOptions } from './options.ts';

/** `keysmith import-material parameters`: wrapping key and token, for the machine that has the material. */
export function addParameters(parent: Command, io: Io): void {
  const command = parent
    .command('parameters')
    .description('Get the wrapping key and the token for one import; both are valid for 24 hours, and no secret')
    .addOption(keyOption().makeOptionMandatory())
    .option('--out <file>', 'Write them to a file instead of stdout', given);
  addWrappingOptions(command).action(async (options: ParametersOptions) => {
    const client = await clientFor(options.key);
    try {
      const key = await externalKey(client, options.key);
      const algorithm = algorithmFor(key.spec, options.wrappingAlgorithm);
      const parameters = await getParameters(client, key, algorithm, options.wrappingKeySpec ?? 'RSA_4096');
      writeReport(parametersText(parameters), { output: options.out }, io);
    } finally {
      client.destroy();
    }
  });
}

interface ParametersOptions extends WrappingOptions {
  readonly key: string;
  readonly out?: string;
}
