import { isAlias, isMap, isScalar, isSeq, Lexer, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';
import { checkYamlTokens } from '../assembly/input/yaml-tokens.ts';
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
  checkYamlTokens(new Lexer().lex(text), file);
  const lines = new LineCounter();
  // Looking for equal names is left to `namedTwice`: the library compares each with each.
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, prettyErrors: false });
  const { contents, errors } = document;
  const problems = errors.map(({ code, message, pos: [start] }) => {
    const what = code === 'MULTIPLE_DOCS' ? 'a second document begins here' : message.split('\n')[0];
    return `line ${lines.linePos(start).line}: ${what}`;
  });
  if (isMap(contents) && namedTwice(contents).includes('suppressions')) problems.push('"suppressions" is there twice');
  const list = isMap(contents) ? contents.get('suppressions') : undefined;
  if (problems.length === 0 && contents !== null && !isSeq(list)) {
    problems.push('it must have a list "suppressions" with entries of rule, path and reason');
  }
  const found = (isSeq(list) ? list.items : []).flatMap((item) => {
    const line = lines.linePos((item as Node).range?.[0] ?? 0).line;
    const wrong = isMap(item) ? mistakesIn(item) : [isAlias(item) ? ALIAS : NO_ENTRY];
    problems.push(...wrong.map((mistake) => `line ${line}: ${mistake}`));
    return wrong.length > 0 || !isMap(item) ? [] : [suppressionOf(item, { file, line })];
  });
  if (problems.length === 0) return found;
  const told = problems.slice(0, MAX_TOLD);
  const more = problems.length > told.length ? [`and ${problems.length - told.length} more`] : [];
  throw new AccessError('MALFORMED_SUPPRESSIONS', `${file}: ${[...told, ...more].join('; ')}`, problems);
}

/** Mistakes that a message lists; all of them are in the error's `problems`. */
const MAX_TOLD = 20;
const NO_ENTRY = 'an entry must have rule, path and reason';
const ALIAS = 'an alias of YAML is not followed here: write out what it stands for';

function mistakesIn(entry: YAMLMap): readonly string[] {
  const unknown = namesIn(entry).filter((name) => !MEMBERS.includes(name));
  const [rule, path, reason, until] = MEMBERS.map((name) => textOf(entry, name));
  const missing = (name: string, what: string) => (entry.has(name) ? `${name} must be a text` : what);
  return [
    ...(entry.items.some(({ value }) => isAlias(value)) ? [ALIAS] : []),
    ...unknown.map((name) => `unknown member "${name}": allowed are ${MEMBERS.join(', ')}`),
    ...namedTwice(entry).map((name) => `${name} is there twice`),
    ...(rule === undefined ? [missing('rule', 'rule is missing')] : []),
    ...(rule !== undefined && !RULES.some(({ id }) => id === rule) ? [`there is no rule "${rule}"`] : []),
    ...(path === undefined
      ? [missing('path', 'path is missing: a construct path, in which * stands for any characters')]
      : []),
    ...(reason === undefined ? [missing('reason', 'reason is missing: say why the finding may stay')] : []),
    ...(entry.has('until') && !isDay(until) ? ['until must be a day such as 2027-01-31'] : []),
  ];
}

function namesIn({ items }: YAMLMap): readonly string[] {
  return items.map(({ key }) => (isScalar(key) ? String(key.value) : String(key)));
}

function namedTwice(map: YAMLMap): readonly string[] {
  const seen = new Set<string>();
  return namesIn(map).filter((name) => seen.size === seen.add(name).size);
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
