import { type MessageFormat, nonCommittingMessages, nonFramedMessages, signedMessages } from '@cdk-keysmith/envelope';

/** What `--read` calls the kinds of messages that are read only when they are asked for. */
export const KINDS = {
  signed: signedMessages,
  'non-committing': nonCommittingMessages,
  'non-framed': nonFramedMessages,
} as const satisfies Readonly<Record<string, MessageFormat>>;

export type Kind = keyof typeof KINDS;

export const KIND_NAMES = Object.keys(KINDS) as readonly Kind[];

/** A message of the envelope package, which names what to import, in words of the command line. */
export function withReadOptions(text: string): string {
  return KIND_NAMES.reduce((said, kind) => said.replaceAll(`reads: [${KINDS[kind].name}]`, `--read ${kind}`), text);
}
