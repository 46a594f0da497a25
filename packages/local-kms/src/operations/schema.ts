/**
 * What the members of an operation's input may be, as data: the check, the error text and the TypeScript type of the
 * handler's input all come from one description.
 */
export type Member =
  | StringMember
  | NumberMember
  | BooleanMember
  | TimestampMember
  | BlobMember
  | MapMember
  | ListMember
  | StructureMember;

interface Required {
  readonly required?: true;
  /** Neither an error nor an event repeats what was sent. */
  readonly sensitive?: true;
}
export interface StringMember extends Required {
  readonly type: 'string';
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
  readonly values?: readonly string[];
}
export interface NumberMember extends Required {
  readonly type: 'number';
  readonly min?: number;
  readonly max?: number;
}
export interface BooleanMember extends Required {
  readonly type: 'boolean';
}
/** Seconds since 1970 on the wire, possibly with a fraction; a Date for the handler. */
export interface TimestampMember extends Required {
  readonly type: 'timestamp';
}
/** Base64 text on the wire, bytes for the handler. Limits count bytes. */
export interface BlobMember extends Required {
  readonly type: 'blob';
  readonly min: number;
  readonly max: number;
}
/** A map of string to string; a Map for the handler, because its keys are the client's. */
export interface MapMember extends Required {
  readonly type: 'map';
}
export interface ListMember extends Required {
  readonly type: 'list';
  readonly of: Member;
  readonly max?: number;
}
export interface StructureMember extends Required {
  readonly type: 'structure';
  readonly members: Schema;
}

/** Members of a structure by the name they have on the wire. */
export type Schema = { readonly [name: string]: Member };

type ValueOf<M> = M extends { readonly values: readonly (infer V)[] }
  ? V
  : M extends StringMember
    ? string
    : M extends NumberMember
      ? number
      : M extends BooleanMember
        ? boolean
        : M extends TimestampMember
          ? Date
          : M extends BlobMember
            ? Uint8Array
            : M extends MapMember
              ? ReadonlyMap<string, string>
              : M extends { readonly type: 'list'; readonly of: infer Of }
                ? readonly ValueOf<Of>[]
                : M extends { readonly type: 'structure'; readonly members: infer Members }
                  ? InputOf<Members>
                  : never;

type RequiredNames<S> = { [K in keyof S]: S[K] extends { readonly required: true } ? K : never }[keyof S];

/** The type of an input that was checked against a schema. */
export type InputOf<S> = { readonly [K in RequiredNames<S>]: ValueOf<S[K]> } & {
  readonly [K in Exclude<keyof S, RequiredNames<S>>]?: ValueOf<S[K]>;
};
