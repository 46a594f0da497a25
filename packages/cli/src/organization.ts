import type { Command } from 'commander';
import { several } from './options.ts';

/** Files with policies of the organization, which no template holds. */
export interface OrganizationFiles {
  readonly scp?: readonly string[];
  readonly rcp?: readonly string[];
}

/** Their content says of which kind they are. */
export function addOrganizationOptions(command: Command): Command {
  return command
    .option('--scp <file>', 'Service control policy, or list of them; may be given several times', several)
    .option('--rcp <file>', 'Resource control policy, or list of them; may be given several times', several);
}
