import { formatsOf } from '../formats.ts';
import { nonCommittingMessages } from './non-committing.ts';
import { nonFramedMessages } from './non-framed.ts';
import { signedMessages } from './signed.ts';

/** Every published kind of message, for looking at one without opening it. */
export const EVERY_FORMAT = formatsOf([signedMessages, nonCommittingMessages, nonFramedMessages]);
