/** What a path does not go into. */
type Leaf =
  | string
  | number
  | boolean
  | bigint
  | symbol
  | null
  | undefined
  | Date
  | Uint8Array
  | ((...args: never[]) => unknown);

/** Levels that the type of a path goes down; deeper paths are written `as never`, and are checked when they run. */
type Deeper = [never, 0, 1, 2, 3, 4, 5];

/** A key as it stands in a path: in quotes where it holds what a path is made of. */
type Segment<K extends string> = K extends '' | `${string}${'.' | '[' | ']' | '?' | '*' | ' '}${string}` ? `"${K}"` : K;

type PathOf<T, Depth extends number> = T extends Leaf
  ? never
  : {
      [K in keyof T & string]-?: Segment<K> | `${Segment<K>}${Rest<T[K], Depth>}`;
    }[keyof T & string];

type Rest<T, Depth extends number> = [Deeper[Depth]] extends [never]
  ? never
  : T extends Leaf
    ? never
    : T extends readonly (infer Element)[]
      ? `[${'*' | number}]` | `[${'*' | number}]${Rest<Element, Deeper[Depth]>}`
      : `.${PathOf<T, Deeper[Depth]>}`;

/**
 * A path to a field of `T`: `ssn`, `address.street`, `cards[0].number`, `cards[*].number`, `"key.with.dots"`. With `?`
 * at its end the field may be absent from a record.
 */
export type FieldPath<T> = PathOf<T, 5> | `${PathOf<T, 5>}?`;

/**
 * What is left of `T` when the fields under the paths `P` are sealed: it has none of them, and one text `$sealed` that
 * holds them all. An element of a list that is sealed itself leaves `null` behind, so that the others keep their index.
 */
export type Sealed<T, P extends string> = Without<T, Required<P>> & {
  /** The AWS Encryption SDK message with the sealed fields, in base64. */
  readonly $sealed: string;
};

type Required<P extends string> = P extends `${infer Field}?` ? Field : P;

type Without<T, P extends string> = T extends Leaf
  ? T
  : T extends readonly (infer Element)[]
    ? WithoutElement<Element, P>[]
    : {
        [K in keyof T as K extends string ? (Segment<K> extends P ? never : K) : K]: K extends string
          ? Inner<T[K], After<P, Segment<K>>>
          : T[K];
      };

type Inner<T, P extends string> = [P] extends [never] ? T : Without<T, P>;

/** What is left of the paths that begin with `Head`. */
type After<P extends string, Head extends string> = P extends `${Head}.${infer Tail}`
  ? Tail
  : P extends `${Head}[${infer Tail}`
    ? `[${Tail}`
    : never;

type WithoutElement<Element, P extends string> =
  | ('[*]' extends P ? null : Inner<Element, After<P, '[*]'>>)
  // One index among others: which element it was is not known to the type any more.
  | (P extends `[${number}]` ? null : never)
  | (After<P, `[${number}]`> extends infer Tail extends string
      ? [Tail] extends [never]
        ? never
        : Without<Element, Tail>
      : never);
