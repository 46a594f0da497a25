import type { Key } from './key.ts';

/**
 * The keys that are rotated automatically, each with its replicas. Whoever changes when a key is rotated says so by adding
 * it again, so that the next time that one is due is known without asking all of them in every call.
 */
export class RotatingFamilies extends Set<readonly Key[]> {
  private earliest: number | undefined;

  override add(family: readonly Key[]): this {
    this.earliest = undefined;
    return super.add(family);
  }

  override delete(family: readonly Key[]): boolean {
    this.earliest = undefined;
    return super.delete(family);
  }

  override clear(): void {
    this.earliest = undefined;
    super.clear();
  }

  /** Whether any may be due, in milliseconds since 1970. It then stays so until {@link RotatingFamilies.settled}. */
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
