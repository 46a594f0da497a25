import { type Box, type Cell, intersect, subtract } from './cell.ts';
import { isEmpty } from './occupied.ts';

/** How much is tried before a comparison is given up: policies of real size take some hundred steps. */
export const MAX_STEPS = 10_000;

/** What is left of the steps; below zero: given up, and what was found so far is worth nothing. */
export interface Budget {
  steps: number;
}

/** What is left of cells when all the boxes are cut out. */
export function remainders(cells: readonly Cell[], boxes: readonly Box[], budget: Budget): readonly Cell[] {
  return cells.filter((cell) => !isEmpty(cell)).flatMap((cell) => remainder(cell, boxes, budget));
}

function remainder(cell: Cell, boxes: readonly Box[], budget: Budget): readonly Cell[] {
  const cuts: { box: Box; pieces: readonly Cell[] }[] = [];
  for (const box of boxes) {
    budget.steps -= 1;
    if (budget.steps < 0) return [];
    // A box that has nothing in common with the cell must not cut it into pieces.
    if (intersect(cell, box).every(isEmpty)) continue;
    const pieces = subtract(cell, box).filter((piece) => !isEmpty(piece));
    if (pieces.length === 0) return [];
    cuts.push({ box, pieces });
  }
  const [first, ...others] = cuts.sort((a, b) => a.pieces.length - b.pieces.length);
  if (first === undefined) return [cell];
  const left = others.map(({ box }) => box);
  return first.pieces.flatMap((piece) => remainder(piece, left, budget));
}
