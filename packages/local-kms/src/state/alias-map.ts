import type { Alias } from './key.ts';

const NONE: ReadonlyMap<string, Alias> = new Map();

/** Aliases by name; those of one key are found without asking all of them. */
export class AliasMap extends Map<string, Alias> {
  private readonly byKey = new Map<string, Map<string, Alias>>();

  override set(name: string, alias: Alias): this {
    this.forget(name);
    const ofKey = this.byKey.get(alias.keyId) ?? new Map<string, Alias>();
    this.byKey.set(alias.keyId, ofKey.set(name, alias));
    return super.set(name, alias);
  }

  override delete(name: string): boolean {
    this.forget(name);
    return super.delete(name);
  }

  override clear(): void {
    this.byKey.clear();
    super.clear();
  }

  /** The aliases of the key of an id. */
  ofKey(keyId: string): ReadonlyMap<string, Alias> {
    return this.byKey.get(keyId) ?? NONE;
  }

  private forget(name: string): void {
    const keyId = this.get(name)?.keyId;
    const ofKey = keyId === undefined ? undefined : this.byKey.get(keyId);
    if (ofKey?.delete(name) && ofKey.size === 0) this.byKey.delete(keyId ?? '');
  }
}
