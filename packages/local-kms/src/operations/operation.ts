import type { Claims } from '../authorize/way.ts';
import type { Identity } from '../identity/principal.ts';
import type { IdentifiedKey } from '../state/identify.ts';
import type { KeyUsage } from '../state/key-specs.ts';
import type { StateRule } from '../state/rules.ts';
import type { World } from '../world.ts';
import type { InputOf, Schema } from './schema.ts';

/** What a handler knows of the call beside its input. */
export interface Call {
  readonly world: World;
  readonly operation: string;
  readonly identity: Identity;
  /** Account of the caller. */
  readonly account: string;
  /** Region of the call. */
  readonly region: string;
  readonly now: Date;
  /** Address of the client. */
  readonly sourceAddress: string;
  readonly userAgent: string | undefined;
  readonly claims: Claims;
}

/** In which part an operation uses a key. */
export type KeyRole = 'key' | 'source' | 'destination' | 'newKey' | 'replicaKey';
export type Keys = ReadonlyMap<KeyRole, IdentifiedKey>;

/** How a request names a key. */
export interface KeyMember {
  readonly role: KeyRole;
  readonly member: string;
  readonly alias: boolean;
  /** Member with a ciphertext that names the key, where `member` is left out, and must be of the key, where it is not. */
  readonly ciphertext?: string;
  /** Member with a grant token that names the key, where `member` is left out. */
  readonly grantToken?: string;
  /** Member with the id of the grant on the key that the operation is about. */
  readonly grantId?: string;
  /** Member with a Region: the key is the one that is related there to the key that `member` names. */
  readonly region?: string;
  /** The member may be left out, or the related key may be missing; the operation then concerns no such key. */
  readonly optional?: true;
}

/** One IAM action that the caller must be allowed, and on what. */
export interface Permission {
  readonly action: string;
  /** `account`: no resource, IAM policies alone decide (`Resource: "*"`). `alias`: the alias that the request names. */
  readonly on: KeyRole | 'account' | 'alias';
  /** Asked for only where the request has this member. */
  readonly when?: string;
  /** Not asked for where the request has this member. */
  readonly unless?: string;
  /** Member with the Region in which it is asked for. Left out: that of the call. */
  readonly region?: string;
}

/** What a key must be for, and which algorithm it must have. */
export interface UsageRule {
  readonly role: KeyRole;
  readonly usage: KeyUsage;
  /** Member that names the algorithm; SYMMETRIC_DEFAULT where it is left out or the operation has none. */
  readonly algorithm?: string;
}

/** One operation of the API. The steps of a call read it like a table; only `check` and `run` are code. */
export interface Operation<S extends Schema = Schema> {
  readonly input: S;
  readonly keys: readonly KeyMember[];
  readonly permissions: readonly Permission[];
  /** In which states of its keys it works: one rule for all of them, or one for each part. */
  readonly states: StateRule | Readonly<Partial<Record<KeyRole, StateRule>>>;
  readonly usages: readonly UsageRule[];
  readonly event: {
    readonly readOnly: boolean;
    /** What CloudTrail shows of the answer. Cryptographic and read operations: nothing. */
    readonly response?: 'keyId' | 'grantId' | 'output';
  };
  /** Rules between members, which no constraint of one member can say. */
  readonly check?: (input: InputOf<S>) => void;
  /** Does the work; gives the members of the answer, or undefined where the answer has no body. */
  readonly run: (input: InputOf<S>, keys: Keys, call: Call) => Record<string, unknown> | undefined;
}

/**
 * An operation with the type of its input forgotten: the input that `validate` made from the schema of the entry is what
 * `run` of the same entry takes.
 */
export type AnyOperation = Omit<Operation, 'check' | 'run'> & {
  readonly check?: (input: never) => void;
  readonly run: (input: never, keys: Keys, call: Call) => Record<string, unknown> | undefined;
};

/** Infers the input type of a handler from the schema beside it. */
export function operation<const S extends Schema>(definition: Operation<S>): Operation<S> {
  return definition;
}

/** The key that the request named in a part; the identify step has found it before any handler runs. */
export function keyIn(keys: Keys, role: KeyRole): IdentifiedKey['key'] {
  const identified = keys.get(role);
  if (identified === undefined) throw new TypeError(`no key was identified as ${role}`);
  return identified.key;
}
