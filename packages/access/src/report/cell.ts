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
  #decision: Decision | undefined;

  constructor({ group, label, action }: MapAction, row: Row, isPlain: boolean) {
    this.group = group;
    this.label = label;
    this.action = action;
    this.#row = row;
    if (isPlain) {
      this.explicitDeny = false;
      this.verdict = 'denied';
      return;
    }
    const outcome = row.ask(action);
    this.explicitDeny = outcome.explicit !== undefined;
    this.verdict = verdictOf(outcome);
    if (this.explicitDeny || this.verdict !== 'denied') this.#decision = decisionOf(outcome);
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

/** A row whose questions are asked when somebody reads its cells. */
class Row implements AccessRow {
  readonly grantee: Grantee;
  readonly #candidate: Candidate;
  readonly #key: KeyModel;
  readonly #actions: readonly MapAction[];
  #cells: readonly AccessCell[] | undefined;

  constructor(candidate: Candidate, key: KeyModel, actions: readonly MapAction[]) {
    this.grantee = candidate.grantee;
    this.#candidate = candidate;
    this.#key = key;
    this.#actions = actions;
  }

  get cells(): readonly AccessCell[] {
    this.#cells ??= this.#answers();
    return this.#cells;
  }

  #answers(): readonly AccessCell[] {
    // Most of a row, in most apps.
    const isPlain = plainlyDenied(this.#request(''), this.#candidate.layers);
    return this.#actions.map((one) => new Cell(one, this, isPlain(one.action)));
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

/** What a candidate may do with a key. */
export function rowOf(candidate: Candidate, key: KeyModel, actions: readonly MapAction[]): AccessRow {
  return new Row(candidate, key, actions);
}
