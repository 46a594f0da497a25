import { type AccessChanger, accessChangers } from '../changers.ts';
import type { Decision } from '../engine/decision.ts';
import { evaluate } from '../engine/evaluate.ts';
import type { AliasModel, Assembly, KeyModel } from '../model.ts';
import { type EndpointLimit, endpointLimits } from './endpoints.ts';
import { type Candidate, candidatesFor, type Grantee } from './grantees.ts';
import { type Lever, leversOn } from './levers.ts';
import { actionsFor, type MapAction } from './map-actions.ts';

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
  /** The key's own account first, then the principals of the app, then whom else key policy and grants name. */
  readonly rows: readonly AccessRow[];
  /** Statements whose answer follows from aliases or tags. */
  readonly levers: readonly Lever[];
  /** Code of the app that may change key policy or grants, and with them everything that the map says. */
  readonly changers: readonly AccessChanger[];
  /** One for each VPC endpoint for KMS: the rows say what holds for requests that go through none. */
  readonly endpoints: readonly EndpointLimit[];
}

export interface AccessRow {
  readonly grantee: Grantee;
  /** One for each question that makes sense for the key, in the same order in every row of the key. */
  readonly cells: readonly AccessCell[];
}

export interface AccessCell extends MapAction {
  readonly decision: Decision;
}

/**
 * Asks for each key and each principal what it may do, without knowing more of the requests than the template does.
 * What hinges on a request is `allowed-if`; what hinges on something outside the app is `unknown`, with the reason.
 */
export function accessMap(assembly: Assembly): AccessMap {
  const unknowns: string[] = assembly.stacks.flatMap(({ problems }) => problems);
  const changers = accessChangers(assembly);
  const keys = assembly.keys.map((key): KeyAccess => {
    const { candidates, problems } = candidatesFor(key, assembly);
    const levers = leversOn(key, assembly);
    const actions = actionsFor(key, levers);
    const rows = candidates.map((candidate) => rowOf(candidate, key, actions));
    const asked = candidates.flatMap((candidate, index) =>
      (rows[index]?.cells ?? []).map(({ action, decision }) => ({ candidate, action, decision })),
    );
    unknowns.push(...key.problems.map((problem) => `${key.constructPath}: ${problem}`), ...problems);
    unknowns.push(...rows.flatMap((row) => unknownsOf(row, key)));
    return {
      key,
      aliases: assembly.aliases.filter((alias) => alias.key?.constructPath === key.constructPath),
      rows,
      levers,
      changers: changers.filter((changer) => changer.key === key),
      endpoints: endpointLimits(key, asked, assembly.vpcEndpoints),
    };
  });
  unknowns.push(...problemsOf(assembly));
  return { keys, unknowns: [...new Set(unknowns)] };
}

function rowOf(
  { grantee, caller, layers, context }: Candidate,
  key: KeyModel,
  actions: readonly MapAction[],
): AccessRow {
  const asked = { caller, resource: key.arn, resourceAccount: key.account, context, open: true };
  return {
    grantee,
    cells: actions.map((one) => ({ ...one, decision: evaluate({ ...asked, action: one.action }, layers) })),
  };
}

function problemsOf({ grants, vpcEndpoints }: Assembly): readonly string[] {
  return [...grants, ...vpcEndpoints].flatMap(({ constructPath, problems }) =>
    problems.map((problem) => `${constructPath}: ${problem}`),
  );
}

function unknownsOf({ grantee, cells }: AccessRow, key: KeyModel): readonly string[] {
  return cells
    .filter(({ decision }) => decision.verdict === 'unknown')
    .flatMap(({ decision }) => decision.reasons.map(({ text }) => `${grantee.name} on ${key.constructPath}: ${text}`));
}
