import type { Assembly } from '../model.ts';
import { reachOf } from '../report/reach.ts';
import { changesOf } from './changes.ts';
import { aliasChangesOf, escalationsOf } from './escalation.ts';
import { lockoutsOf } from './lockout.ts';
import type { AccessDiff, AlertKind, DiffAlert } from './model.ts';
import { pairsOf } from './pairs.ts';
import { reachedPairs } from './reached-pairs.ts';
import { referencesTo } from './references.ts';
import { isReplacedPrincipal, replacementsOf } from './replacement.ts';
import { rowsOf } from './rows.ts';
import { isOtherResource, thingChangesOf } from './things.ts';

/**
 * What became of the access to keys between two states of an app: what was gained, lost, widened or narrowed, by
 * implication of the conditions, and what cannot be decided.
 *
 * Keys, roles and users are matched by construct path, then by logical id. The questions are those of the access map;
 * grants and control policies of the app count too. Pure: equal input has equal, and equally ordered, output.
 */
export function accessDiff(before: Assembly, after: Assembly): AccessDiff {
  const apps = { before, after };
  const references = referencesTo(apps);
  const keys = pairsOf(before.keys, after.keys);
  const principals = pairsOf(before.principals, after.principals, ({ type }) => type);
  const reach = { before: reachOf(before), after: reachOf(after) };
  const tables = keys.map((key) => ({ key, rows: rowsOf(key, apps, reachedPairs(key, principals, reach)) }));
  const entries = tables.flatMap(({ rows }) => rows.map((row) => changesOf(row, references)));
  const changes = entries.flatMap((entry) => entry.changes);
  const alerts = [
    ...tables.flatMap(({ key, rows }) => lockoutsOf(key, rows, apps, references)),
    ...escalationsOf(changes, after),
    ...keys.flatMap((key) => aliasChangesOf(key, apps, references)),
    ...replacementsOf(keys, principals, apps, references),
  ];
  return {
    version: 1,
    alerts: inOrder(alerts),
    changes,
    keys: thingChangesOf(keys, isOtherResource, references),
    principals: thingChangesOf(principals, isReplacedPrincipal, references),
    undecided: entries.flatMap((entry) => entry.undecided),
  };
}

const ORDER: readonly AlertKind[] = ['lockout', 'escalation', 'replacement'];

function inOrder(alerts: readonly DiffAlert[]): readonly DiffAlert[] {
  return ORDER.flatMap((kind) => alerts.filter((alert) => alert.kind === kind));
}
