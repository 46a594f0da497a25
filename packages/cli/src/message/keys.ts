import type { Direction, EncryptionContext, EnvelopeOptions } from '@cdk-keysmith/envelope';
import { signedMessages } from '@cdk-keysmith/envelope';
import { type Command, Option } from 'commander';
import type { Io } from '../io.ts';
import { given } from '../options.ts';
import { declaredIn, readEnvironment } from './declaration.ts';
import { KIND_NAMES, KINDS, type Kind } from './kinds.ts';
import { keyArns, pairs, severalOf } from './values.ts';

/** Keys by their ARNs, or a declaration as a function finds it in its environment. */
export interface KeyOptions {
  readonly key?: readonly string[];
  readonly envelope?: string;
  /** File that the declaration is looked up in, instead of the environment. */
  readonly env?: string;
  /** `false`: none, said so. */
  readonly context?: ReadonlyMap<string, string> | false;
  readonly read?: readonly Kind[];
  readonly sign?: boolean;
}

/** What every command about keys takes. */
export function addKeyOptions(command: Command): Command {
  return command
    .optionsGroup('Keys and encryption context:')
    .option('--key <arn>', 'ARN of a key that may be used; may be given several times', keyArns)
    .addOption(
      new Option('--envelope <name>', 'Use the declaration KEYSMITH_ENVELOPE_<name>, as a function does')
        .argParser(given)
        .conflicts('key'),
    )
    .addOption(envOption())
    .addOption(contextOption())
    .option('--no-context', 'With --key: there is no encryption context');
}

/** Where a declaration is found, for every command that takes one. */
export function envOption(): Option {
  return new Option('--env <file>', 'Look the declaration up in this file of NAME=value lines, or JSON')
    .argParser(given)
    .conflicts('key');
}

export function contextOption(): Option {
  return new Option('--context <name=value>', 'Encryption context; may be given several times').argParser(pairs);
}

export function readOption(): Option {
  return new Option('--read <kind>', `Also read messages of this kind: ${KIND_NAMES.join(', ')}`).argParser(
    severalOf(KIND_NAMES),
  );
}

/** The name and the options that an envelope is opened with. */
export interface Opening {
  readonly name: string | undefined;
  readonly options: EnvelopeOptions;
}

/**
 * What the options say about keys, as the envelope package takes it.
 * @param direction - what keys given by ARN are used for
 * @throws {@link CliError} `FILE` when there is a file of variables that cannot be read
 */
export function openingFor(options: KeyOptions, direction: Direction, io: Io): Opening {
  const { key, envelope, env, read = [], sign = false } = options;
  const kinds = {
    reads: read.map((kind) => KINDS[kind]),
    ...(sign ? { writes: signedMessages } : {}),
  };
  if (key === undefined) {
    return { name: envelope, options: { ...kinds, env: env === undefined ? io.env : readEnvironment(env) } };
  }
  // What nobody declared requires nothing: the context of the call is all there is.
  const rules = { context: {}, requiredContext: [] };
  const keys = {
    both: { direction: 'both', wrapKeys: key, unwrapKeys: key },
    encrypt: { direction: 'encrypt', wrapKeys: key },
    decrypt: { direction: 'decrypt', unwrapKeys: key },
  } as const;
  return { name: undefined, options: { ...kinds, ...rules, ...keys[direction] } };
}

/** Ends the command when neither its options nor the environment say which keys are meant. */
export function requireKeys({ key, envelope }: KeyOptions, { options: { env } }: Opening, command: Command): void {
  const declared = key === undefined && envelope === undefined && env !== undefined ? declaredIn(env) : undefined;
  if (declared?.length === 0) {
    command.error('say which keys: --key <arn>, --envelope <name> as it is in the environment, or --env <file>');
  }
  if (declared !== undefined && declared.length > 1) {
    command.error(`say which declaration is meant with --envelope <name>; there is ${declared.join(', ')}`);
  }
}

/**
 * The encryption context that was given.
 * @param elsewhere - whether more of it comes from elsewhere, so that it may be left out
 */
export function contextFrom(options: KeyOptions, command: Command, elsewhere = false): EncryptionContext {
  const { key, context } = options;
  if (key !== undefined && context === undefined && !elsewhere) {
    // A declaration says what a context needs. Keys alone do not, and without one any message of theirs would do.
    command.error('with --key, give the encryption context as --context <name=value>, or say --no-context');
  }
  return Object.fromEntries(context || []);
}
