// How our envelope writes and reads what is exchanged: its options for kinds of messages, here only.

import { nonCommittingMessages, nonFramedMessages, signedMessages, unstoredContext } from '@cdk-keysmith/envelope';

/** The suites that it writes, each with the options that make it. */
export const WRITES = [
  [0x0478, {}],
  [0x0578, { writes: signedMessages }],
];

/** Reads every kind of message that the format has. */
export const READS_EVERYTHING = { reads: [signedMessages, nonCommittingMessages, nonFramedMessages] };

/** Of a stream: it ends with the signature, if there is one. */
export const STREAMS_EVERYTHING = { signedMessages: 'release-unverified' };

/** Reads messages that do not store these names of the context. */
export const readsUnstored = (names) => ({ reads: [unstoredContext(...names)] });
