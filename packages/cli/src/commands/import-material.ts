import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { addImport } from './import-material/import.ts';
import { addParameters } from './import-material/parameters.ts';
import { addStatus } from './import-material/status.ts';
import { addWrap } from './import-material/wrap.ts';

/** `keysmith import-material`: key material of one's own for a key with origin EXTERNAL. */
export function addImportMaterial(command: Command, io: Io): void {
  command.usage('<command> [options]').addHelpText('after', EXAMPLES);
  for (const add of [addImport, addStatus, addParameters, addWrap]) {
    add(command, io);
  }
}

const EXAMPLES = `
Examples:
  keysmith import-material import --key arn:aws:kms:… --material-file key.bin --valid-to 90d
  keysmith import-material import --key alias/orders --generate --save-material key.bin --does-not-expire
  keysmith import-material status --key alias/orders

The material on a machine without network:
  keysmith import-material parameters --key alias/orders --out parameters.json
  keysmith import-material wrap --parameters parameters.json --material-file key.bin --out wrapped.bin
  keysmith import-material import --parameters parameters.json --wrapped wrapped.bin --valid-to 90d`;
