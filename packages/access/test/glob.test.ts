import * as fc from 'fast-check';
import { arnText, compileArnPattern } from '../src/symbolic/arn-pattern.ts';
import { compileGlob } from '../src/symbolic/glob.ts';
import { matchesPattern } from '../src/symbolic/match.ts';

const text = fc.string({ unit: fc.constantFrom('a', 'b', '?', '*'), maxLength: 12 });
const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '?', '*'), maxLength: 8 });

/** The wildcards of IAM as a regular expression: slow in the worst case, and plain. */
function byRegExp(glob: string): RegExp {
  return new RegExp(`^${glob.replace(/\*/g, '.*').replace(/\?/g, '.')}$`, 's');
}

describe('a pattern with wildcards', () => {
  it('covers what the same regular expression covers', () => {
    fc.assert(
      fc.property(pattern, text, (glob, given) => {
        expect(compileGlob(glob).matches(given)).toBe(byRegExp(glob).test(given));
      }),
      { numRuns: 5_000 },
    );
  });

  it('covers pieces that are longer than a machine word', () => {
    const piece = `${'a'.repeat(40)}?${'b'.repeat(40)}`;
    const matches = (given: string) => compileGlob(`*${piece}*c`).matches(given);
    const found = piece.replace('?', 'x');
    expect(matches(`zzz${found}--c`)).toBe(true);
    expect(matches(`aaa${found}c`)).toBe(true);
    expect(matches(`zzz${found.slice(1)}--c`)).toBe(false);
    expect(matches(`zzz${found}--d`)).toBe(false);
  });

  it('compares the components of an ARN one by one', () => {
    const arn = fc.array(fc.string({ unit: fc.constantFrom('a', '*', '?'), maxLength: 3 }), {
      minLength: 1,
      maxLength: 8,
    });
    const parts = fc.array(fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 3 }), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(arn, parts, (wanted, given) => {
        const [glob, known] = [wanted.join(':'), given.join(':')];
        const slow = glob === '*' || (given.length >= 6 && componentsMatch(wanted, given));
        expect(compileArnPattern(glob)(arnText(known))).toBe(slow);
      }),
      { numRuns: 3_000 },
    );
  });

  it('takes its time in proportion to the text', () => {
    const hostile = `${'*a'.repeat(2_000)}*?${'a'.repeat(64)}b`;
    expect(compileGlob(hostile).matches('a'.repeat(100_000))).toBe(false);
    expect(matchesPattern(hostile, 'a'.repeat(100_000))).toBe('no');
  });
});

function componentsMatch(wanted: readonly string[], given: readonly string[]): boolean {
  const six = (parts: readonly string[]) => [
    ...parts.slice(0, 5),
    ...(parts.length > 5 ? [parts.slice(5).join(':')] : []),
  ];
  return six(given).every((part, index) => byRegExp(six(wanted)[index] ?? '*').test(part));
}
