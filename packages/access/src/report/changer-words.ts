import type { AccessChanger } from '../changers.ts';
import { decisionInWords } from '../engine/in-words.ts';
import { shortPath } from './names.ts';

/** What code of the app may change about a key, one sentence for what is known and one for what is not. */
export function changerInWords({ function: fn, customResources, actions }: AccessChanger): readonly string[] {
  const who = shortPath(fn.constructPath);
  const by = customResources.map(({ constructPath }) => shortPath(constructPath)).join(', ');
  const when = by === '' ? 'at run time' : `at every deployment, run by ${by}`;
  const known = actions
    .filter(({ decision }) => decision.verdict !== 'unknown')
    .map(({ action, decision }) => `${action} ${decisionInWords({ ...decision, reasons: [] })}`);
  const open = actions.filter(({ decision }) => decision.verdict === 'unknown').map(({ action }) => action);
  return [
    ...(known.length === 0 ? [] : [`${who} may change what is said here, ${when}: ${known.join('; ')}`]),
    ...(open.length === 0 ? [] : [`whether ${who} may change what is said here is not known: ${open.join(', ')}`]),
  ];
}
