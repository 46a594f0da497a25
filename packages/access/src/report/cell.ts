import type { Decision, Verdict } from '../engine/decision.ts';
import { decisionOf, type Outcome, outcomeOf } from '../engine/evaluate.ts';
import { plainlyDenied } from '../engine/plainly-denied.ts';
import type { KmsRequest } from '../engine/request.ts';
import type { KeyModel } from '../model.ts';
import type { Candidate, Grantee } from './grantees.ts';
import type { MapAction, OperationGroup } from './map-actions.ts';

/** What one principal may do with one key: the answer to one question. */
export interface AccessCell extends MapAction {
  /** The verdict of the decision. */
  readonly verdict: Verdict;
  /** As the decision says it. */
  readonly explicitDeny: boolean;
  /** The reasons of what is denied are put into words when somebody asks for them. */
  readonly decision: Decision;
}

export interface AccessRow {
  readonly grantee: Grantee;
  /** One for each question that makes sense for the key, in the same order in every row of the key. */
  readonly cells: readonly AccessCell[];
}

/**
 * Most cells of a map say "denied", and nobody reads why: such a cell keeps neither reasons nor what they are made of,
 * and is asked again by whoever wants to know.
 */
class Cell implements AccessCell {
  readonly group: OperationGroup;
  readonly label: string;
  readonly action: string;
  readonly verdict: Verdict;
  readonly explicitDeny: boolean;
  readonly #row: Row;
  readonly #decision: Decision | undefined;

  /** @param outcome - undefined: plainly denied */
  constructor({ group, label, action }: MapAction, row: Row, outcome?: Outcome) {
    this.group = group;
    this.label = label;
    this.action = action;
    this.explicitDeny = outcome?.explicit !== undefined;
    this.verdict = outcome === undefined ? 'denied' : verdictOf(outcome);
    this.#row = row;
    const isKept = this.explicitDeny || this.verdict !== 'denied';
    this.#decision = outcome !== undefined && isKept ? decisionOf(outcome) : undefined;
  }

  get decision(): Decision {
    return this.#decision ?? decisionOf(this.#row.ask(this.action));
  }

  toJSON(): AccessCell {
    const { group, label, action, verdict, explicitDeny, decision } = this;
    return { group, label, action, verdict, explicitDeny, decision };
  }
}

function verdictOf(outcome: Outcome): Verdict {
  if (outcome.explicit !== undefined) return 'denied';
  const { is } = outcome.truth;
  return is === 'yes' ? 'allowed' : is === 'if' ? 'allowed-if' : is === 'no' ? 'denied' : 'unknown';
}

/** A row whose questions are asked when somebody reads what came of them. */
export class Row implements AccessRow {
  readonly grantee: Grantee;
  readonly #candidate: Candidate;
  readonly #key: KeyModel;
  readonly #actions: readonly MapAction[];
  #asked: ReadonlyMap<MapAction, AccessCell> | undefined;
  #cells: readonly AccessCell[] | undefined;

  constructor(candidate: Candidate, key: KeyModel, actions: readonly MapAction[]) {
    this.grantee = candidate.grantee;
    this.#candidate = candidate;
    this.#key = key;
    this.#actions = actions;
  }

  get cells(): readonly AccessCell[] {
    this.#cells ??= this.#actions.map((one) => this.#answers.get(one) ?? new Cell(one, this));
    return this.#cells;
  }

  /** The cells that are not plainly denied: few of a row, in most apps. */
  get asked(): Iterable<AccessCell> {
    return this.#answers.values();
  }

  get #answers(): ReadonlyMap<MapAction, AccessCell> {
    this.#asked ??= this.#ask();
    return this.#asked;
  }

  #ask(): ReadonlyMap<MapAction, AccessCell> {
    const isPlain = plainlyDenied(this.#request(''), this.#candidate.layers);
    const answers = new Map<MapAction, AccessCell>();
    for (const one of this.#actions) {
      if (!isPlain(one.action)) answers.set(one, new Cell(one, this, this.ask(one.action)));
    }
    return answers;
  }

  ask(action: string): Outcome {
    return outcomeOf(this.#request(action), this.#candidate.layers);
  }

  #request(action: string): KmsRequest {
    const { caller, context } = this.#candidate;
    const { arn, account } = this.#key;
    return { action, caller, resource: arn, resourceAccount: account, context, open: true };
  }

  toJSON(): AccessRow {
    return { grantee: this.grantee, cells: this.cells };
  }
}
