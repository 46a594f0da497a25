/**
 * Things for which a time comes. Whoever changes when it comes says so by adding the thing again, so that the time before
 * which none is due is known without asking all of them in every call.
 */
export class DueSet<T> extends Set<T> {
  private readonly dueOf: (one: T) => Date | undefined;
  /** None is due before this, in milliseconds since 1970; undefined: not known. */
  private earliest: number | undefined;

  /** @param dueOf - when something is to happen with a thing; undefined: nothing is */
  constructor(dueOf: (one: T) => Date | undefined) {
    super();
    this.dueOf = dueOf;
  }

  override add(one: T): this {
    if (this.earliest !== undefined) this.earliest = Math.min(this.earliest, this.earliestOf([one]));
    return super.add(one);
  }

  override clear(): void {
    this.earliest = undefined;
    super.clear();
  }

  /** Whether any may be due. */
  mayBeDue(now: Date): boolean {
    this.earliest ??= this.earliestOf(this);
    return this.earliest <= now.getTime();
  }

  /** What was due has happened. */
  settled(): void {
    this.earliest = undefined;
  }

  private earliestOf(all: Iterable<T>): number {
    let earliest = Number.POSITIVE_INFINITY;
    for (const one of all) earliest = Math.min(earliest, this.dueOf(one)?.getTime() ?? Number.POSITIVE_INFINITY);
    return earliest;
  }
}
