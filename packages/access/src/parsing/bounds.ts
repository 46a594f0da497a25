import { LIMITS, within } from '../limits.ts';
import { isObject } from './findings.ts';

/**
 * That a document is neither too deep nor too large to be read. A document that is part of itself is too deep. Templates
 * are held to the same limits while they are read; this is for what callers hand in.
 *
 * @throws {AccessError} `LIMIT_EXCEEDED`, naming the policy and the member
 */
export function requireBounds(document: unknown, name: string): void {
  const left: { readonly value: unknown; readonly level: number; readonly place: string }[] = [
    { value: document, level: 0, place: name },
  ];
  let values = 0;
  for (let one = left.pop(); one !== undefined; one = left.pop()) {
    const { value, level, place } = one;
    if (!Array.isArray(value) && !isObject(value)) continue;
    within(LIMITS.depth, level, place);
    const members = Object.entries(value);
    values += members.length;
    within(LIMITS.nodes, values, place);
    for (const [member, inner] of members) {
      // The first levels say where it is: Statement, its number, its member.
      left.push({
        value: inner,
        level: level + 1,
        place: level < NAMED_LEVELS ? `${place}: ${shortened(member)}` : place,
      });
    }
  }
}

const NAMED_LEVELS = 3;

function shortened(member: string): string {
  return /^\d+$/.test(member) ? String(Number(member) + 1) : member.slice(0, 80);
}
