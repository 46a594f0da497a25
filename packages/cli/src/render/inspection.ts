import type { Inspection } from '@cdk-keysmith/envelope';
import { grid } from './grid.ts';
import { type Colours, printable } from './terminal.ts';

/** What is known of a message that is shown. */
export interface InspectedMessage {
  /** Where it is from. */
  readonly source: string;
  readonly inspection: Inspection;
  /** Whether all of the input was looked at, or only the beginning. */
  readonly whole: boolean;
}

/** What a message says about itself, in a table. */
export function renderInspection({ source, inspection, whole }: InspectedMessage, colours: Colours): string {
  const { suite, messageVersion, wrappedBy, context, frameLength, contentLength } = inspection;
  const traits = [suite.commits ? 'commits to one data key' : 'does not commit to one data key'];
  traits.push(suite.signed ? 'signed' : 'not signed');
  const keys = wrappedBy.map(({ providerId, keyArn }) =>
    keyArn === undefined ? providerId : `${providerId} ${keyArn}`,
  );
  const pairs = Object.entries(context).map(([name, value]) => `${name} = ${value}`);
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['format', [`version ${messageVersion}`]],
    ['suite', [`0x${suite.id.toString(16).padStart(4, '0')} ${suite.name}`, traits.join(', ')]],
    ['wrapped by', keys],
    ['context', pairs.length === 0 ? ['none'] : pairs],
    ['header', [`${inspection.headerLength} bytes`]],
    ['body', [frameLength === undefined ? 'one block, without frames' : `frames of ${frameLength} bytes`]],
    ['plaintext', [contentLength === undefined ? (whole ? NOT_WHOLE : NOT_READ) : `${contentLength} bytes`]],
  ];
  const table = grid(rows.map(([name, lines]) => [name, lines.map(printable).join('\n')]));
  return `${colours.bold(printable(source))}\n${table}\n`;
}

const NOT_WHOLE = 'not known: the input is not a whole message';
const NOT_READ = 'not counted: of a large message only the beginning is read';

/** Nobody who has read this takes a claim for a fact. */
export const NOT_AUTHENTICATED =
  'Nothing of this is authenticated: whoever can write a message can write all of it. Only decrypting verifies it.';
