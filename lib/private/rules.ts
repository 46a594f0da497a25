/** One thing that may be wrong, and what to say then. */
export interface Rule {
  readonly when: boolean;
  readonly message: string;
}

/** The messages of all rules that apply: everything that is wrong is reported at once. */
export function problems(rules: readonly Rule[]): string[] {
  return rules.filter((rule) => rule.when).map((rule) => rule.message);
}
