import type { Key } from './key.ts';

/**
 * The keys that are rotated automatically, each with its replicas. Whoever changes when a key is rotated says so by adding
 * it again, so that the time before which none is due is known without asking all of them in every call.
 */
export class RotatingFamilies extends Set<readonly Key[]> {
  /** None is due before this, in milliseconds since 1970; undefined: not known. */
  private earliest: number | undefined;

  override add(family: readonly Key[]): this {
    if (this.earliest !== undefined) this.earliest = Math.min(this.earliest, earliestOf([family]));
    return super.add(family);
  }

  override clear(): void {
    this.earliest = undefined;
    super.clear();
  }

  /** Whether any may be due at an instant. */
  mayBeDue(at: number): boolean {
    this.earliest ??= earliestOf(this);
    return this.earliest <= at;
  }

  /** Those that were due have been rotated. */
  settled(): void {
    this.earliest = undefined;
  }
}

function earliestOf(families: Iterable<readonly Key[]>): number {
  let earliest = Number.POSITIVE_INFINITY;
  for (const family of families) {
    const nextAt = family[0]?.rotation.automatic?.nextAt.getTime();
    if (nextAt !== undefined && nextAt < earliest) earliest = nextAt;
  }
  return earliest;
}
