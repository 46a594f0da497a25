import type { Decision } from '../engine/decision.ts';
import { decisionInWords } from '../engine/in-words.ts';
import { code, plain, table } from '../markdown-text.ts';
import type { AccessRow } from '../report/cell.ts';
import type { AccessMap } from '../report/map.ts';
import type { AccessChange, AccessDiff, AlertKind, ChangeKind, DiffAlert, ThingChange } from './model.ts';
import {
  causeInWords,
  changesToShow,
  diffInWords,
  doubtInWords,
  granteeInWords,
  reasonInWords,
  stateInWords,
} from './words.ts';

const MARKS: Readonly<Record<ChangeKind, string>> = {
  gained: '➕ gained',
  lost: '➖ lost',
  widened: '⬆️ widened',
  narrowed: '⬇️ narrowed',
  changed: '🔀 changed',
};
const ALERTS: Readonly<Record<AlertKind, string>> = {
  lockout: '🔒 **Lockout**',
  escalation: '⚠️ **Escalation**',
  replacement: '♻️ **Replacement**',
};

/**
 * A difference as a comment on a pull request: what to look at first, then what is gained and lost, then what is not
 * decided; the whole map of access after the change is folded.
 *
 * @param map - of the later state; left out: no map
 */
export function renderDiffMarkdown(diff: AccessDiff, map?: AccessMap): string {
  const blocks = [
    `### KMS access changes: ${diffInWords(diff)}`,
    diff.alerts.map(alertLine).join('\n'),
    changeTable(changesToShow(diff)),
    thingLines('key', diff.keys),
    thingLines('principal', diff.principals),
    undecidedLines(diff),
    map === undefined ? '' : folded(map),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function alertLine({ kind, key, grantee, text, because }: DiffAlert): string {
  const where = key === undefined ? '' : ` on ${code(key.constructPath)}`;
  const who = grantee === undefined ? '' : ` ${code(granteeInWords(grantee))}`;
  const why = because.map((reason) => `\n  - ${plain(reasonInWords(reason))}`).join('');
  return `- ${ALERTS[kind]}${where}:${who} ${plain(text)}${why}`;
}

function changeTable(changes: readonly AccessChange[]): string {
  if (changes.length === 0) return '';
  const rows = changes.map((one) => {
    const { change, grantee, labels, key, because } = one;
    const can = [labels.join(', '), plain(stateInWords(one))].filter((text) => text !== '').join('<br>');
    const why = [causeInWords(one), ...because.map(reasonInWords)].filter((text) => text !== '').map(plain);
    return [MARKS[change], code(granteeInWords(grantee)), can, code(key.constructPath), why.join('<br>')];
  });
  return table(['', 'Who', 'Can', 'On key', 'Because'], rows);
}

function thingLines(what: string, things: readonly ThingChange[]): string {
  return things
    .map(({ change, constructPath, formerly, source }) => {
      const was = formerly === undefined ? '' : `, formerly ${code(formerly)}`;
      const where = source === undefined ? '' : ` (${plain(`${source.file}:${source.line}`)})`;
      return `- ${what} ${change}: ${code(constructPath)}${was}${where}`;
    })
    .join('\n');
}

function undecidedLines({ undecided }: AccessDiff): string {
  if (undecided.length === 0) return '';
  const lines = undecided.map((one) => {
    const { grantee, key, labels, because } = one;
    const why = because.map((reason) => `\n  - ${plain(reasonInWords(reason))}`).join('');
    const what = `${labels.join(', ')}: ${plain(doubtInWords(one))}`;
    return `- ${code(granteeInWords(grantee))} on ${code(key.constructPath)}, ${what}${why}`;
  });
  return `**Not decided: ${undecided.length}**\n\n${lines.join('\n')}`;
}

/** Everything that is allowed, or may be, after the change. */
function folded({ keys }: AccessMap): string {
  const tables = keys.map(({ key, rows }) => {
    const shown = rows.flatMap((row) => {
      const said = accessOf(row);
      return said.length === 0 ? [] : [[code(granteeInWords(row.grantee)), said.map(plain).join('<br>')]];
    });
    const access = shown.length === 0 ? 'Nobody has access.' : table(['Who', 'Access'], shown);
    return `**${code(key.constructPath)}**\n\n${access}`;
  });
  if (tables.length === 0) return '';
  return `<details>\n<summary>All access after the change</summary>\n\n${tables.join('\n\n')}\n\n</details>`;
}

/** `encrypt, decrypt: allowed if …`, for everything that is not denied. */
function accessOf({ cells }: AccessRow): readonly string[] {
  const byText = new Map<string, { readonly label: string; readonly isWhole: boolean; readonly action: string }[]>();
  for (const { label, action, decision } of cells) {
    if (decision.verdict === 'denied') continue;
    const text = withoutReasons(decision);
    const isWhole = cells.every((one) => one.label !== label || withoutReasons(one.decision) === text);
    byText.set(text, [...(byText.get(text) ?? []), { label, isWhole, action }]);
  }
  return [...byText].map(([text, told]) => {
    const names = told.map(({ label, isWhole, action }) => (isWhole ? label : action.replace(/^kms:/, '')));
    return `${[...new Set(names)].join(', ')}: ${text}`;
  });
}

function withoutReasons(decision: Decision): string {
  return decisionInWords({ ...decision, reasons: [] });
}
