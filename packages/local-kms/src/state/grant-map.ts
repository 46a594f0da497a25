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
  /** By one pair of the encryption context that each asks for; those that ask for none by the empty text. */
  readonly byPair: Map<string, Map<string, Place>>;
  list: readonly Grant[] | undefined;
}

const NONE: readonly Grant[] = [];
/** Of so many grants each is asked, and told about when none allows. */
const FEW = 100;
/** Of more, so many that cannot allow are asked all the same, so that a denial has examples. */
const EXAMPLES = 10;
/** In all lists that were chosen. */
const MAX_CHOSEN = 100_000;

/** The grants of a key by id, oldest first; those of one grantee, or of one name, are found without asking all of them. */
export class GrantMap extends CountedMap<string, KeyGrant> {
  private readonly byGrantee = new Map<string, Bucket>();
  private readonly byName = new Map<string, Map<string, KeyGrant>>();
  private made = 0;
  private others: readonly Grant[] | undefined;
  /** By the buckets and pairs that they were chosen for. */
  private readonly chosen = new Map<string, readonly Grant[]>();
  private chosenGrants = 0;

  override set(id: string, held: KeyGrant): this {
    this.forget(id);
    const bucket = this.byGrantee.get(granteeOf(held)) ?? { places: new Map(), byPair: new Map(), list: undefined };
    this.byGrantee.set(granteeOf(held), bucket);
    this.made += 1;
    const place = { number: this.made, held };
    bucket.places.set(id, place);
    const ofPair = bucket.byPair.get(pairOf(held)) ?? new Map<string, Place>();
    bucket.byPair.set(pairOf(held), ofPair.set(id, place));
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
    this.forgetChosen();
    this.others = undefined;
    super.clear();
  }

  /** The grants of a friendly name, oldest first. */
  named(name: string): Iterable<KeyGrant> {
    return this.byName.get(name)?.values() ?? [];
  }

  /**
   * The grants that can matter to a caller in an account, oldest first: those to its ARNs, or to its account. Where
   * there are others only, one of them, since the engine says that the caller has none only where there are any. Of many,
   * those that ask for a pair of another encryption context are left out, but for some.
   *
   * @param context - of the request; undefined: it cannot have one, and constraints on it do not count
   * @returns the same list as long as it has not changed
   */
  for(arns: readonly string[], account: string, context?: ReadonlyMap<string, string>): readonly Grant[] {
    return this.size === 0 ? NONE : this.forNames([...arns, `account ${account}`], context);
  }

  /** The same for an AWS service that calls for itself, by the name of its service principal. */
  forService(service: string, context?: ReadonlyMap<string, string>): readonly Grant[] {
    return this.size === 0 ? NONE : this.forNames([`service ${service}`], context);
  }

  private forNames(names: readonly string[], context?: ReadonlyMap<string, string>): readonly Grant[] {
    let only: Bucket | undefined;
    let several: Bucket[] | undefined;
    for (const name of names) {
      const bucket = this.byGrantee.get(name);
      if (bucket === undefined || bucket === only) continue;
      if (only === undefined) only = bucket;
      else several = [...(several ?? [only]), bucket];
    }
    if (only === undefined) return this.oneOfOthers();
    const buckets = several === undefined ? [only] : [...new Set(several)];
    const count = sizeOf(buckets.map(({ places }) => places));
    // Where many fit any context, all of them once are less than those that fit, for each context.
    const fitAny = sizeOf(buckets.map(({ byPair }) => byPair.get('')));
    if (context !== undefined && count > FEW && fitAny <= FEW) {
      return this.chosenFor(names.join(' '), buckets, context);
    }
    if (several !== undefined) return inOrder(placesOf(buckets));
    only.list ??= inOrder(only.places.values());
    return only.list;
  }

  private chosenFor(who: string, buckets: readonly Bucket[], context: ReadonlyMap<string, string>): readonly Grant[] {
    const pairs = ['', ...Array.from(context, ([name, value]) => pairText(name, value))];
    const key = JSON.stringify([who, ...pairs]);
    const known = this.chosen.get(key);
    if (known !== undefined) return known;
    const fitting = buckets.flatMap(({ byPair }) => pairs.flatMap((pair) => [...(byPair.get(pair)?.values() ?? [])]));
    const chosen = new Set(fitting);
    for (const place of placesOf(buckets)) {
      if (chosen.size >= fitting.length + EXAMPLES) break;
      chosen.add(place);
    }
    const list = inOrder(chosen);
    if (this.chosenGrants >= MAX_CHOSEN) this.forgetChosen();
    this.chosen.set(key, list);
    this.chosenGrants += list.length;
    return list;
  }

  private forgetChosen(): void {
    this.chosen.clear();
    this.chosenGrants = 0;
  }

  private oneOfOthers(): readonly Grant[] {
    this.others ??= firstOf(this.values());
    return this.others;
  }

  private forget(id: string): void {
    this.others = undefined;
    this.forgetChosen();
    const held = this.get(id);
    if (held === undefined) return;
    const bucket = this.byGrantee.get(granteeOf(held));
    if (bucket?.places.delete(id)) bucket.list = undefined;
    const ofPair = bucket?.byPair.get(pairOf(held));
    if (ofPair?.delete(id) && ofPair.size === 0) bucket?.byPair.delete(pairOf(held));
    if (bucket?.places.size === 0) this.byGrantee.delete(granteeOf(held));
    const named = held.name === undefined ? undefined : this.byName.get(held.name);
    if (named?.delete(id) && named.size === 0) this.byName.delete(held.name ?? '');
  }
}

/** Under which name a grant is found. */
function granteeOf({ terms: { granteePrincipal, granteeServicePrincipal } }: KeyGrant): string {
  if (granteePrincipal === undefined) return `service ${granteeServicePrincipal}`;
  const account = ROOT_ARN.exec(granteePrincipal)?.[1];
  return account === undefined ? granteePrincipal : `account ${account}`;
}

/** A pair without which the grant allows nothing that has an encryption context; names of pairs differ by more than case. */
function pairOf({ terms: { encryptionContextEquals, encryptionContextSubset } }: KeyGrant): string {
  for (const [name, value] of encryptionContextEquals ?? encryptionContextSubset ?? []) return pairText(name, value);
  return '';
}

function pairText(name: string, value: string): string {
  return `${name.toLowerCase()}\0${value}`;
}

function* placesOf(buckets: Iterable<Bucket>): Iterable<Place> {
  for (const { places } of buckets) yield* places.values();
}

function sizeOf(maps: readonly (ReadonlyMap<string, Place> | undefined)[]): number {
  return maps.reduce((sum, map) => sum + (map?.size ?? 0), 0);
}

function inOrder(places: Iterable<Place>): readonly Grant[] {
  return [...places].sort((a, b) => a.number - b.number).map(({ held }) => held.grant);
}

function firstOf(all: Iterable<KeyGrant>): readonly Grant[] {
  for (const { grant } of all) return [grant];
  return NONE;
}
