import type { Decision } from '../engine/decision.ts';
import type { Assembly, KeyModel, PrincipalModel, SourcePosition } from '../model.ts';
import { type Candidate, candidatesFor, type Grantee } from '../report/grantees.ts';
import { actionsFor, type MapAction } from '../report/map-actions.ts';
import { meaningsIn } from './meaning.ts';
import type { AccessChange } from './model.ts';
import type { Pair } from './pairs.ts';
import { decide, onOtherKey, questionText } from './questions-of.ts';

/** Somebody and a key in both states of the app, with the answer to every question. */
export interface Row {
  readonly key: Pair<KeyModel>;
  readonly grantee: Grantee;
  readonly source: SourcePosition | undefined;
  readonly cause: AccessChange['cause'];
  readonly cells: readonly Cell[];
}

/** One question in both states; undefined where the key or the principal is not there. */
export interface Cell extends MapAction {
  readonly before: Decision | undefined;
  readonly after: Decision | undefined;
  /** For an answer that is unknown: whether nothing that it hinges on has changed. */
  readonly isSame: boolean;
}

/**
 * The rows of one key, in the order of the access map of after, then of what is gone.
 *
 * @param principals - those of the app to ask about
 */
export function rowsOf(
  key: Pair<KeyModel>,
  apps: { readonly before: Assembly; readonly after: Assembly },
  principals: readonly Pair<PrincipalModel>[],
): readonly Row[] {
  const names = new Map<string, string>();
  const sources = new Map<string, SourcePosition | undefined>();
  for (const { before, after } of principals) {
    if (before !== undefined) names.set(nameOfPrincipal(before), nameOfPrincipal(after ?? before));
    const one = after ?? before;
    if (one !== undefined) sources.set(nameOfPrincipal(one), one.source);
  }
  const inOrder = (side: 'before' | 'after') => {
    const wanted = new Set(principals.map((pair) => pair[side]));
    return apps[side].principals.filter((one) => wanted.has(one));
  };
  const old = key.before === undefined ? [] : candidatesFor(key.before, apps.before, inOrder('before')).candidates;
  const now = key.after === undefined ? [] : candidatesFor(key.after, apps.after, inOrder('after')).candidates;
  const [oldAccount, account] = [old, now].map(([first]) => first);
  // The key's own account, which comes first, may be open on one side and given on the other.
  if (oldAccount !== undefined && account !== undefined) names.set(nameOf(oldAccount), nameOf(account));
  const oldByName = new Map(old.map((one) => [names.get(nameOf(one)) ?? nameOf(one), one]));
  const nowByName = new Map(now.map((one) => [nameOf(one), one]));
  const all = new Map([...nowByName, ...[...oldByName].filter(([name]) => !nowByName.has(name))]);
  return [...all].map(([name, { grantee }]): Row => {
    const before = oldByName.get(name) ?? elsewhere(nowByName.get(name), key.before, apps.before);
    const after = nowByName.get(name) ?? elsewhere(oldByName.get(name), key.after, apps.after);
    return {
      key,
      grantee,
      source: sources.get(name),
      cause: causeOf(key, before, after),
      cells: cellsOf(key, before, after, apps),
    };
  });
}

function nameOfPrincipal({ type, constructPath }: PrincipalModel): string {
  return `${type} ${constructPath}`;
}

function nameOf({ grantee: { type, name } }: Candidate): string {
  return `${type} ${name}`;
}

/**
 * Whoever is not of the app is there in both states, whether or not a policy names them in both. That everyone may do
 * something says nothing about a state in which no policy says it of everyone.
 */
function elsewhere(one: Candidate | undefined, key: KeyModel | undefined, app: Assembly): Candidate | undefined {
  if (one === undefined || key === undefined) return undefined;
  return OF_APP.has(one.grantee.type) ? undefined : onOtherKey(one, key, app);
}

const OF_APP: ReadonlySet<Grantee['type']> = new Set(['role', 'user', 'everyone']);

function causeOf(key: Pair<KeyModel>, before: Candidate | undefined, after: Candidate | undefined): Row['cause'] {
  if (key.before === undefined) return 'key added';
  if (key.after === undefined) return 'key removed';
  const isPrincipal = ['role', 'user'].includes((after ?? before)?.grantee.type ?? '');
  if (!isPrincipal || (before !== undefined && after !== undefined)) return undefined;
  return before === undefined ? 'principal added' : 'principal removed';
}

function cellsOf(
  key: Pair<KeyModel>,
  before: Candidate | undefined,
  after: Candidate | undefined,
  apps: { readonly before: Assembly; readonly after: Assembly },
): readonly Cell[] {
  const rows = [key.after, key.before].flatMap((one) => (one === undefined ? [] : actionsFor(one)));
  const actions = [...new Map(rows.map((row) => [row.action, row])).values()];
  return actions.map((row) => {
    const [was, is] = [answer(row.action, before, key.before), answer(row.action, after, key.after)];
    const isUnknown = was?.verdict === 'unknown' && is?.verdict === 'unknown';
    const text = (side: 'before' | 'after', one: Candidate | undefined) =>
      textOf(row.action, one, key[side], apps[side]);
    const isSame = isUnknown && text('before', before) === text('after', after);
    return { ...row, before: was, after: is, isSame };
  });
}

function answer(action: string, candidate: Candidate | undefined, key: KeyModel | undefined): Decision | undefined {
  return candidate === undefined || key === undefined ? undefined : decide(action, candidate, key);
}

function textOf(action: string, candidate: Candidate | undefined, key: KeyModel | undefined, app: Assembly): string {
  return candidate === undefined || key === undefined ? '' : questionText(action, candidate, key, meaningsIn(app));
}
