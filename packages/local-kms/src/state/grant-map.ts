import type { Grant } from '@cdk-keysmith/access';
import { CountedMap } from './counted-map.ts';
import type { KeyGrant } from './grant-terms.ts';

/** The ARN of an account's root user, in whatever partition: a grant to it is one to the account. */
const ROOT_ARN = /^arn:[^:]*:iam::([^:]*):root$/;

interface Place {
  readonly number: number;
  readonly held: KeyGrant;
}

/** Grants of one grantee, and what was last made of them. */
interface Bucket {
  readonly places: Map<string, Place>;
  list: readonly Grant[] | undefined;
}

const NONE: readonly Grant[] = [];

/** The grants of a key by id, oldest first; those of one grantee, or of one name, are found without asking all of them. */
export class GrantMap extends CountedMap<string, KeyGrant> {
  private readonly byGrantee = new Map<string, Bucket>();
  private readonly byName = new Map<string, Map<string, KeyGrant>>();
  private made = 0;
  private others: readonly Grant[] | undefined;

  override set(id: string, held: KeyGrant): this {
    this.forget(id);
    const bucket = this.byGrantee.get(granteeOf(held)) ?? { places: new Map(), list: undefined };
    this.byGrantee.set(granteeOf(held), bucket);
    this.made += 1;
    bucket.places.set(id, { number: this.made, held });
    bucket.list = undefined;
    if (held.name !== undefined) {
      const named = this.byName.get(held.name) ?? new Map<string, KeyGrant>();
      this.byName.set(held.name, named.set(id, held));
    }
    return super.set(id, held);
  }

  override delete(id: string): boolean {
    this.forget(id);
    return super.delete(id);
  }

  override clear(): void {
    this.byGrantee.clear();
    this.byName.clear();
    this.others = undefined;
    super.clear();
  }

  /** The grants of a friendly name, oldest first. */
  named(name: string): Iterable<KeyGrant> {
    return this.byName.get(name)?.values() ?? [];
  }

  /**
   * The grants that can matter to a caller who is no service, oldest first: those to its ARNs, or to its account. Where
   * there are others only, one of them, since the engine says that the caller has none only where there are any.
   *
   * @returns the same list as long as it has not changed
   */
  for(arns: readonly string[], account: string): readonly Grant[] {
    if (this.size === 0) return NONE;
    let only: Bucket | undefined;
    let several: Bucket[] | undefined;
    for (const name of [...arns, `account ${account}`]) {
      const bucket = this.byGrantee.get(name);
      if (bucket === undefined || bucket === only) continue;
      if (only === undefined) only = bucket;
      else several = [...(several ?? [only]), bucket];
    }
    if (several !== undefined) return inOrder(new Set(several));
    if (only === undefined) return this.oneOfOthers();
    only.list ??= inOrder([only]);
    return only.list;
  }

  private oneOfOthers(): readonly Grant[] {
    this.others ??= firstOf(this.values());
    return this.others;
  }

  private forget(id: string): void {
    this.others = undefined;
    const held = this.get(id);
    if (held === undefined) return;
    const bucket = this.byGrantee.get(granteeOf(held));
    if (bucket?.places.delete(id)) bucket.list = undefined;
    if (bucket?.places.size === 0) this.byGrantee.delete(granteeOf(held));
    const named = held.name === undefined ? undefined : this.byName.get(held.name);
    if (named?.delete(id) && named.size === 0) this.byName.delete(held.name ?? '');
  }
}

/** Under which name a grant is found. A grant to a service is for none of the callers here. */
function granteeOf({ terms: { granteePrincipal } }: KeyGrant): string {
  if (granteePrincipal === undefined) return 'service';
  const account = ROOT_ARN.exec(granteePrincipal)?.[1];
  return account === undefined ? granteePrincipal : `account ${account}`;
}

function inOrder(buckets: Iterable<Bucket>): readonly Grant[] {
  const places = [...buckets].flatMap((bucket) => [...bucket.places.values()]);
  return places.sort((a, b) => a.number - b.number).map(({ held }) => held.grant);
}

function firstOf(all: Iterable<KeyGrant>): readonly Grant[] {
  for (const { grant } of all) return [grant];
  return NONE;
}
