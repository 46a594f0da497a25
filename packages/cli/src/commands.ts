import type { Command } from 'commander';
import type { Io } from './io.ts';

/** Gives a command its options and its work. */
type Define = (command: Command, io: Io, exit: (code: number) => void) => void;

interface Entry {
  readonly name: string;
  readonly description: string;
  readonly load: () => Promise<Define>;
}

/** Every command, in the order of the help. What it works with is loaded when the command line names it. */
export const COMMANDS: readonly Entry[] = [
  {
    name: 'local',
    description: 'Start a local KMS with the keys, principals and policies of an app',
    load: async () => (await import('./commands/local.ts')).addLocal,
  },
  {
    name: 'run',
    description: 'Run a command as a role, function or container of the app, against a local KMS',
    load: async () => (await import('./commands/run.ts')).addRun,
  },
  {
    name: 'access',
    description: 'Show who can use which key of an app',
    load: async () => (await import('./commands/access.ts')).addAccess,
  },
  {
    name: 'who-can',
    description: 'Show who can do one thing with one key',
    load: async () => (await import('./commands/who-can.ts')).addWhoCan,
  },
  {
    name: 'why',
    description: 'Show why a principal can, or cannot, do something with a key',
    load: async () => (await import('./commands/why.ts')).addWhy,
  },
  {
    name: 'diff',
    description: 'Show what access two states of an app differ in',
    load: async () => (await import('./commands/diff.ts')).addDiff,
  },
  {
    name: 'check',
    description: 'Check keys and policies of an app by rules',
    load: async () => (await import('./commands/check.ts')).addCheck,
  },
  {
    name: 'message',
    description: 'Inspect, decrypt, encrypt and re-encrypt messages of the AWS Encryption SDK',
    load: async () => (await import('./commands/message.ts')).addMessage,
  },
  {
    name: 'doctor',
    description:
      'Ask KMS whether a declared key may be used with an encryption context; nothing is encrypted or decrypted',
    load: async () => (await import('./commands/doctor.ts')).addDoctor,
  },
  {
    name: 'import-material',
    description: 'Import key material of your own into a key with origin EXTERNAL',
    load: async () => (await import('./commands/import-material.ts')).addImportMaterial,
  },
  {
    name: 'last-use',
    description: 'Ask KMS when keys were used last, before they are deleted; a multi-Region key in each of its Regions',
    load: async () => (await import('./commands/last-use.ts')).addLastUse,
  },
];
