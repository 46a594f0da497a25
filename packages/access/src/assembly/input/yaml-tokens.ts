import { AccessError } from '../../errors.ts';
import { LIMITS, within } from '../../limits.ts';

/** Tags and anchors in front of one value: one of each is all that means anything. */
const MAX_PROPERTIES = 2;

/**
 * Goes over the tokens of a YAML text before anything is built of them: how many there are, and how deep they nest.
 * What builds the document takes far more time for deep or senseless text than for any real one.
 */
export function checkYamlTokens(tokens: Iterable<string>, name: string): void {
  let [count, line, flow, onLine, properties] = [0, 1, 0, 0, 0];
  const indents: number[] = [];
  let atLineStart = true;
  const at = () => `${name}:${line}`;
  for (const token of tokens) {
    within(LIMITS.nodes, ++count, at);
    const first = token[0] ?? '';
    if (token === '[' || token === '{') flow++;
    else if (token === ']' || token === '}') flow--;
    else if (flow === 0 && isIndicator(token)) onLine++;
    if (first === '!' || first === '&') {
      if (++properties > MAX_PROPERTIES) {
        throw new AccessError('MALFORMED_TEMPLATE', `${at()}: too many tags or anchors for one value`);
      }
    } else if (first !== ' ' && first !== '\n') properties = 0;
    if (atLineStart && flow === 0 && first !== '\n') noteIndent(indents, first === ' ' ? token.length : 0);
    atLineStart = first === '\n';
    if (atLineStart) onLine = 0;
    within(LIMITS.depth, flow + onLine + indents.length, at);
    for (const character of token) if (character === '\n') line++;
  }
}

/** What begins an entry of a list or a map; on one line each of them nests one level deeper. */
function isIndicator(token: string): boolean {
  return token === '-' || token === '?' || token === ':';
}

function noteIndent(indents: number[], indent: number): void {
  while ((indents.at(-1) ?? -1) >= indent) indents.pop();
  indents.push(indent);
}
