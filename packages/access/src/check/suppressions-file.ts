import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';
import { AccessError } from '../errors.ts';
import { LIMITS, within } from '../limits.ts';
import { RULES } from './rules.ts';
import type { Suppression } from './suppressions.ts';

const MEMBERS = ['rule', 'path', 'reason', 'until'];

/**
 * Reads a file of suppressions, YAML or JSON: a list `suppressions` of entries with `rule`, `path`, `reason` and,
 * optionally, `until`.
 *
 * @param text - what the file holds
 * @param file - its name, for messages and findings
 * @throws {AccessError} `MALFORMED_SUPPRESSIONS`, listing every mistake with its line; `LIMIT_EXCEEDED`
 */
export function parseSuppressions(text: string, file: string): readonly Suppression[] {
  within(LIMITS.suppressionBytes, Buffer.byteLength(text), file);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, logLevel: 'error' });
  const problems = document.errors.map(({ message, pos: [start] }) => {
    return `line ${lines.linePos(start).line}: ${message.split('\n')[0]}`;
  });
  const { contents } = document;
  const list = isMap(contents) ? contents.get('suppressions') : undefined;
  if (problems.length === 0 && contents !== null && !isSeq(list)) {
    problems.push('it must have a list "suppressions" with entries of rule, path and reason');
  }
  const found = (isSeq(list) ? list.items : []).flatMap((item) => {
    const line = lines.linePos((item as Node).range?.[0] ?? 0).line;
    const wrong = isMap(item) ? mistakesIn(item) : ['an entry must have rule, path and reason'];
    problems.push(...wrong.map((mistake) => `line ${line}: ${mistake}`));
    return wrong.length > 0 || !isMap(item) ? [] : [suppressionOf(item, { file, line })];
  });
  if (problems.length === 0) return found;
  throw new AccessError('MALFORMED_SUPPRESSIONS', `${file}: ${problems.join('; ')}`, problems);
}

function mistakesIn(entry: YAMLMap): readonly string[] {
  const names = entry.items.map(({ key }) => (isScalar(key) ? String(key.value) : String(key)));
  const unknown = names.filter((name) => !MEMBERS.includes(name));
  const [rule, path, reason, until] = MEMBERS.map((name) => textOf(entry, name));
  return [
    ...unknown.map((name) => `unknown member "${name}": allowed are ${MEMBERS.join(', ')}`),
    ...(rule === undefined ? ['rule is missing'] : []),
    ...(rule !== undefined && !RULES.some(({ id }) => id === rule) ? [`there is no rule "${rule}"`] : []),
    ...(path === undefined ? ['path is missing: a construct path, in which * stands for any characters'] : []),
    ...(reason === undefined ? ['reason is missing: say why the finding may stay'] : []),
    ...(entry.has('until') && !isDay(until) ? ['until must be a day such as 2027-01-31'] : []),
  ];
}

function suppressionOf(entry: YAMLMap, source: Suppression['source']): Suppression {
  const [rule = '', path = '', reason = '', until] = MEMBERS.map((name) => textOf(entry, name));
  return { rule, path, reason, ...(until !== undefined && { until }), source };
}

/** A text that says something; YAML of version 1.2 leaves days as they stand. */
function textOf(entry: YAMLMap, name: string): string | undefined {
  const value = entry.get(name);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function isDay(text: string | undefined): boolean {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
