import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { addDecrypt } from './decrypt.ts';
import { addEncrypt } from './encrypt.ts';
import { addInspect } from './inspect.ts';
import { addReencrypt } from './reencrypt.ts';

/** `keysmith message`: what can be done with messages of the AWS Encryption SDK. */
export function addMessage(command: Command, io: Io, exit: (code: number) => void): void {
  command.usage('<command> [options]').addHelpText('after', EXAMPLES);
  for (const add of [addInspect, addDecrypt, addEncrypt, addReencrypt]) {
    add(command, io, exit);
  }
}

const EXAMPLES = `
Examples:
  keysmith message inspect order.msg
  keysmith message decrypt order.msg --envelope Orders --context tenant=acme`;
