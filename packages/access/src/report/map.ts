import { type AccessChanger, changersWithin } from '../changers.ts';
import type { AliasModel, Assembly, KeyModel } from '../model.ts';
import { type AccessRow, Row } from './cell.ts';
import { type EndpointLimit, endpointLimits } from './endpoints.ts';
import { candidatesFor, ownCandidate } from './grantees.ts';
import { type Lever, leversIn } from './levers.ts';
import { actionsFor } from './map-actions.ts';
import { reachOf } from './reach.ts';

/** Who can do what with which key, as far as the app tells. Plain data in a stable order. */
export interface AccessMap {
  readonly keys: readonly KeyAccess[];
  /** Everything that could not be decided, each with its reason. */
  readonly unknowns: readonly string[];
}

export interface KeyAccess {
  readonly key: KeyModel;
  /** Aliases of the app that name the key. */
  readonly aliases: readonly AliasModel[];
  /**
   * The key's own account first, then the principals of the app that any policy or grant might allow something, then whom
   * else key policy and grants name.
   */
  readonly rows: readonly AccessRow[];
  /** The principals of the app that are in no row: nothing allows them anything. Made, and asked, when they are read. */
  readonly others: () => readonly AccessRow[];
  /** Statements whose answer follows from aliases or tags. */
  readonly levers: readonly Lever[];
  /** Code of the app that may change key policy or grants, and with them everything that the map says. */
  readonly changers: readonly AccessChanger[];
  /** One for each VPC endpoint for KMS: the rows say what holds for requests that go through none. */
  readonly endpoints: readonly EndpointLimit[];
}

/**
 * Asks for each key and each principal that might be allowed something what it may do, without knowing more of the
 * requests than the template does. What hinges on a request is `allowed-if`; what hinges on something outside the app is
 * `unknown`, with the reason.
 */
export function accessMap(assembly: Assembly): AccessMap {
  const unknowns: string[] = assembly.stacks.flatMap(({ problems }) => problems);
  const reach = reachOf(assembly);
  const changers = groupBy(changersWithin(assembly, reach), ({ key }) => key);
  const aliases = groupBy(assembly.aliases, ({ key }) => key);
  const leversOn = leversIn(assembly);
  const keys = assembly.keys.map((key): KeyAccess => {
    const reaching = reach(key);
    const { candidates, problems } = candidatesFor(key, assembly, reaching);
    const levers = leversOn(key);
    const actions = actionsFor(key, levers);
    const rows = candidates.map((candidate) => new Row(candidate, key, actions));
    const asked = () =>
      candidates.flatMap((candidate, index) => (rows[index]?.cells ?? []).map((cell) => ({ candidate, cell })));
    unknowns.push(...key.problems.map((problem) => `${key.constructPath}: ${problem}`), ...problems);
    for (const row of rows) unknowns.push(...unknownsOf(row, key));
    return {
      key,
      aliases: aliases.get(key) ?? [],
      rows,
      others: () => {
        const near = new Set(reaching);
        const left = assembly.principals.filter((principal) => !near.has(principal));
        return left.map((principal) => new Row(ownCandidate(principal, key, assembly), key, actions));
      },
      levers,
      changers: changers.get(key) ?? [],
      // Most apps have none, and all cells of a large one are many.
      endpoints: assembly.vpcEndpoints.length === 0 ? [] : endpointLimits(key, asked(), assembly.vpcEndpoints),
    };
  });
  unknowns.push(...problemsOf(assembly));
  return { keys, unknowns: [...new Set(unknowns)] };
}

function groupBy<T, K>(things: readonly T[], keyOf: (thing: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const thing of things) {
    const group = groups.get(keyOf(thing));
    if (group === undefined) groups.set(keyOf(thing), [thing]);
    else group.push(thing);
  }
  return groups;
}

function problemsOf({ grants, vpcEndpoints }: Assembly): readonly string[] {
  return [...grants, ...vpcEndpoints].flatMap(({ constructPath, problems }) =>
    problems.map((problem) => `${constructPath}: ${problem}`),
  );
}

function unknownsOf({ grantee, asked }: Row, key: KeyModel): readonly string[] {
  const found: string[] = [];
  for (const { verdict, decision } of asked) {
    if (verdict !== 'unknown') continue;
    found.push(...decision.reasons.map(({ text }) => `${grantee.name} on ${key.constructPath}: ${text}`));
  }
  return found;
}
