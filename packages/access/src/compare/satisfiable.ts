import { canCarry, severalValues } from '../engine/condition-keys.ts';
import { allTri, anyTri, type Tri } from '../symbolic/tri.ts';
import type { Demand, Present, ScalarKind, Values } from './demand.ts';
import { type Emptiness, emptinessOf, type Language } from './language.ts';
import { TELLING_VALUES } from './scalars.ts';

/**
 * Whether some request meets all demands at once. Keys are taken one by one, since a request may combine their values as
 * it likes; where one key says something about another, "yes" is not claimed.
 *
 * @param action - an action of KMS, which carries some keys only; undefined: any other action
 */
export function satisfiable(demands: readonly Demand[], action: string | undefined): Tri {
  if (demands.length === 0) return 'yes';
  const byKey = new Map<string, Demand[]>();
  for (const demand of demands) byKey.set(demand.key, [...(byKey.get(demand.key) ?? []), demand]);
  const answer = allTri([...byKey].map(([key, asked]) => satisfiableFor(key, asked, action)));
  return answer === 'yes' && hasRelatedKeys([...byKey.keys()]) ? 'unknown' : answer;
}

/** Keys of which one says something about another. */
const RELATED: readonly RegExp[] = [
  /^kms:encryptioncontext(keys$|:)/,
  /^(aws:principal|kms:calleraccount$|aws:userid$|aws:username$)/,
  /^aws:(requesttag\/|tagkeys$)/,
  /^aws:source(arn|account|org)/,
  /^(kms:viaservice|aws:viaawsservice|aws:calledvia)/,
  /^kms:(keyspec|customermasterkeyspec|encryptionalgorithm|signingalgorithm|macalgorithm|keyusage|customermasterkeyusage)$/,
  /^kms:(multiregion|multiregionkeytype)$/,
  /^kms:(requestalias|resourcealiases)$/,
  /^aws:(currenttime|epochtime)$/,
];

function hasRelatedKeys(keys: readonly string[]): boolean {
  return RELATED.some((family) => keys.filter((key) => family.test(key)).length > 1);
}

/** Keys that every request of a principal carries. Only those of services do without some of them. */
const ALWAYS_THERE: ReadonlySet<string> = new Set([
  'aws:currenttime',
  'aws:epochtime',
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalisawsservice',
  'aws:principaltype',
  'aws:requestedregion',
  'aws:securetransport',
  'aws:userid',
  'aws:viaawsservice',
  'kms:calleraccount',
]);

function satisfiableFor(key: string, demands: readonly Demand[], action: string | undefined): Tri {
  const absent = allTri(demands.map(({ whenAbsent }) => triOf(whenAbsent)));
  if (action !== undefined && !canCarry(action, key)) return absent;
  return anyTri([presentFor(key, demands), absent === 'yes' && ALWAYS_THERE.has(key) ? 'unknown' : absent]);
}

/** The same few demands meet in many pieces: answers by the first of them, then by all. */
const KNOWN = new WeakMap<Demand, Map<string, Tri>>();
const IDS = new WeakMap<Demand, number>();
let lastId = 0;

function idOf(demand: Demand): number {
  const known = IDS.get(demand);
  if (known !== undefined) return known;
  IDS.set(demand, ++lastId);
  return lastId;
}

function presentFor(key: string, demands: readonly Demand[]): Tri {
  const distinct = [...new Set(demands)].sort((a, b) => idOf(a) - idOf(b));
  const [first] = distinct;
  if (first === undefined) return 'yes';
  const answers = KNOWN.get(first) ?? new Map<string, Tri>();
  KNOWN.set(first, answers);
  const id = distinct.map(idOf).join();
  const known =
    answers.get(id) ??
    presentTri(
      key,
      distinct.map(({ whenPresent }) => whenPresent),
    );
  answers.set(id, known);
  return known;
}

function triOf(answer: boolean | 'unknown'): Tri {
  if (answer === 'unknown') return 'unknown';
  return answer ? 'yes' : 'no';
}

function presentTri(key: string, asked: readonly Demand['whenPresent'][]): Tri {
  const fixed = allTri(asked.map((one) => (typeof one === 'object' ? 'yes' : triOf(one))));
  if (fixed === 'no') return 'no';
  const present = asked.filter((one) => typeof one === 'object');
  const several = severalValues(key);
  const [one, many] = [
    several === 'yes' ? undefined : valueFor(present),
    several === 'no' ? undefined : valuesFor(present),
  ];
  return allTri([fixed, one === undefined || many === undefined || one === many ? (one ?? many ?? 'yes') : 'unknown']);
}

/** A key of several: some may meet one demand and some another, but each has to meet what is asked of every value. */
function valuesFor(asked: readonly Present[]): Tri {
  const ofEvery = asked.filter(({ quantifier }) => quantifier === 'every');
  const ofSome = asked.filter(({ quantifier }) => quantifier === 'some');
  if (ofSome.length === 0) return valueFor(ofEvery);
  return allTri(ofSome.map((one) => valueFor([...ofEvery, one])));
}

/** Whether there is a value that is among, or not among, the values of each demand. */
function valueFor(asked: readonly Present[]): Tri {
  const kinds = new Set(asked.map(({ values }) => values.kind));
  const [kind, second] = [...kinds];
  if (kind === undefined) return 'yes';
  if (second !== undefined) return 'unknown';
  return kind === 'text' ? TRI[emptinessOf(languageOf(asked)).is] : scalarFor(kind, asked);
}

const TRI: Readonly<Record<Emptiness['is'], Tri>> = { some: 'yes', empty: 'no', unknown: 'unknown' };

function languageOf(asked: readonly Present[]): Language {
  const patterns = ({ values }: Present) => (values.kind === 'text' ? values.patterns : []);
  return {
    all: asked.filter(({ among }) => among).map(patterns),
    none: asked.filter(({ among }) => !among).flatMap(patterns),
  };
}

function scalarFor(kind: ScalarKind, asked: readonly Present[]): Tri {
  const scalars = asked.flatMap(({ among, values }) => (isScalar(values) ? [{ among, values }] : []));
  const telling = TELLING_VALUES[kind](scalars.flatMap(({ values }) => values.wanted));
  return telling.some((value) => scalars.every(({ among, values }) => values.holds(value) === among)) ? 'yes' : 'no';
}

function isScalar(values: Values): values is Exclude<Values, { kind: 'text' }> {
  return values.kind !== 'text';
}
