import { type AccessMap, type Decision, decisionInWords } from '@cdk-keysmith/access';

/**
 * Who can use each key, for what and under which conditions, by the path of the key: one line for each who and condition.
 * Whoever is in no line can do none of it.
 *
 * @param actions the actions that are asked about, without `kms:`
 */
export function promises(map: AccessMap, actions: readonly string[]): ReadonlyMap<string, readonly string[]> {
  return new Map(map.keys.map(({ key: { constructPath = '' }, rows }) => [constructPath, linesOf(rows, actions)]));
}

function linesOf(rows: AccessMap['keys'][number]['rows'], actions: readonly string[]): readonly string[] {
  const lines = new Map<string, string[]>();
  for (const { grantee, cells } of rows) {
    for (const { action, decision } of cells) {
      const name = action.slice('kms:'.length);
      if (actions.includes(name) && decision.verdict !== 'denied') {
        const line = lineOf(grantee.name, decision);
        lines.set(line, [...(lines.get(line) ?? []), name]);
      }
    }
  }
  return [...lines].map(([line, names]) => line.replace('#', names.join(', ')));
}

function lineOf(who: string, decision: Decision): string {
  const words = decisionInWords(decision);
  return decision.verdict === 'unknown'
    ? `${who} may be able to #: ${words.replace(/^unknown:? ?/, '')}`
    : `${who} can #${words.replace(/: statement.*/, '').replace('allowed', '')}`;
}
