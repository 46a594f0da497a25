import type { Decision, ResidualCondition } from './decision.ts';

/** A decision as one sentence, e.g. `allowed if encryption context "service" is "orders": statement 1 of … allows …`. */
export function decisionInWords(decision: Decision): string {
  const reasons = decision.reasons.map(({ text }) => text).join('; ');
  const because = reasons === '' ? '' : `: ${reasons}`;
  switch (decision.verdict) {
    case 'allowed':
      return `allowed${because}`;
    case 'allowed-if':
      return `allowed ${waysInWords(decision).join(', or ')}${because}`;
    case 'denied':
      return `${decision.explicitDeny ? 'denied explicitly' : 'denied'}${because}`;
    case 'unknown':
      return `unknown${because}`;
  }
}

/** Each way to be allowed, e.g. `if encryption context "service" is "orders"`; none: no condition is open. */
export function waysInWords({ residual, alternatives = [] }: Decision): readonly string[] {
  return [residual, ...alternatives].filter((way) => way.length > 0).map(wayInWords);
}

function wayInWords(residual: readonly ResidualCondition[]): string {
  const wanted = residual.filter(({ negated }) => !negated).map(({ text }) => text);
  const unwanted = residual.filter(({ negated }) => negated).map(({ text }) => text);
  return [...(wanted.length > 0 ? [`if ${wanted.join(' and ')}`] : []), ...unwanted].join(', ');
}

/**
 * A decision without the statements that allow or deny, e.g. `allowed if …`: those are of interest to few, what is asked
 * for or unknown to everybody.
 */
export function verdictInWords(decision: Decision): string {
  return decisionInWords(decision.verdict === 'unknown' ? decision : { ...decision, reasons: [] });
}
