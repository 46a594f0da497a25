// `@cdk-keysmith/local-kms/matchers`: for `expect.extend` of Jest and Vitest. Neither is loaded here.

import { inWords } from './denial/in-words.ts';
import { type Observed, observe } from './denial/observe.ts';

/** Text that one of the reasons contains, or an expression that one of them matches. */
export type ExpectedReason = string | RegExp;

/**
 * What {@link matchers} add to `expect(call)`, where `call` is a call of the SDK to a local KMS in this process, a function
 * that makes one, or what it threw. All of them give promises: `await expect(call).toBeAllowed()`.
 */
export interface LocalKmsMatchers<R> {
  /**
   * The policies denied the call, and of each expected text one reason has it: `no identity policy`, or the name of a
   * statement. In mode `report`, that they would have. One that could not be decided is not denied.
   */
  toBeDeniedBecause(...reasons: readonly [ExpectedReason, ...ExpectedReason[]]): R;
  /** A policy could not be decided: the app leaves something open that deployment alone knows. */
  toBeUndecidedBecause(...reasons: readonly [ExpectedReason, ...ExpectedReason[]]): R;
  /** The policies allowed the call, and it succeeded. */
  toBeAllowed(): R;
}

/** What a matcher of Jest and Vitest returns. */
export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** For `expect.extend(matchers)`, once, in a setup file. */
export const matchers = {
  async toBeDeniedBecause(received: unknown, ...reasons: readonly ExpectedReason[]): Promise<MatcherResult> {
    return judged(await observe(received), 'denied', reasons);
  },
  async toBeUndecidedBecause(received: unknown, ...reasons: readonly ExpectedReason[]): Promise<MatcherResult> {
    return judged(await observe(received), 'undecided', reasons);
  },
  async toBeAllowed(received: unknown): Promise<MatcherResult> {
    const seen = await observe(received);
    const pass = seen.outcome === 'allowed';
    return { pass, message: () => `the call was ${pass ? 'not ' : ''}to be allowed, but ${inWords(seen)}` };
  },
};

function judged(seen: Observed, outcome: 'denied' | 'undecided', expected: readonly ExpectedReason[]): MatcherResult {
  // A matcher without a reason would be satisfied by a denial for the wrong one.
  if (expected.length === 0) throw new TypeError('say at least one reason: a text, or a regular expression');
  const found = seen.outcome === 'unseen' ? [] : seen.reasons;
  const missing = expected.filter((one) => !found.some((reason) => fits(reason, one)));
  const pass = seen.outcome === outcome && missing.length === 0;
  const because = (reasons: readonly ExpectedReason[]) => reasons.map(shown).join(' and ');
  return {
    pass,
    message: () =>
      pass
        ? `the call was not to be ${outcome} because of ${because(expected)}, but ${inWords(seen)}`
        : `the call was to be ${outcome} because of ${because(seen.outcome === outcome ? missing : expected)}, but ${inWords(seen)}`,
  };
}

function fits(reason: string, expected: ExpectedReason): boolean {
  // `search` minds no `lastIndex`, which a global expression would carry from one reason to the next.
  return typeof expected === 'string' ? reason.includes(expected) : reason.search(expected) >= 0;
}

function shown(expected: ExpectedReason): string {
  return typeof expected === 'string' ? JSON.stringify(expected) : String(expected);
}

// Jest (`@types/jest`) and Vitest both take matchers from here.
declare global {
  namespace jest {
    // biome-ignore lint/complexity/noBannedTypes: every declaration of an interface has the same parameters
    interface Matchers<R, T = {}> extends LocalKmsMatchers<Promise<void>> {}
  }
}
