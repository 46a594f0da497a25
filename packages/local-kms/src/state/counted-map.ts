/** A map that counts its changes, so that whoever keeps a copy knows when it is not one any more. */
export class CountedMap<K, V> extends Map<K, V> {
  /** Grows with every change. */
  changes = 0;

  override set(key: K, value: V): this {
    this.changes += 1;
    return super.set(key, value);
  }

  override delete(key: K): boolean {
    this.changes += 1;
    return super.delete(key);
  }

  override clear(): void {
    this.changes += 1;
    super.clear();
  }
}
