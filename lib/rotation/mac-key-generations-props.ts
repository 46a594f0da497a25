import type { IMacKey } from '../keys/i-mac-key';
import type { MacKeyProps } from '../keys/mac-key-props';
import type { KeyGeneration, KeyGenerationsProps } from './key-generation';

/** One generation of keys for message authentication codes. */
export interface MacKeyGeneration extends KeyGeneration {
  /**
   * Properties in which this key differs from the others.
   *
   * @default - none
   */
  readonly keyProps?: MacKeyProps;

  /**
   * A key that is there already, in the place of a new one: of this application, or imported by its ARN. Its key policy
   * and its state stay as they are.
   *
   * @default - a new key
   */
  readonly key?: IMacKey;
}

/** Properties of `MacKeyGenerations`. */
export interface MacKeyGenerationsProps extends KeyGenerationsProps {
  /** The generations in the order in which they follow one another, at least one. Add new ones at the end. */
  readonly generations: MacKeyGeneration[];

  /**
   * Properties of every key. Of its `access`, a generation that is not active has what does not make anything
   * new.
   *
   * @default - those that `MacKey` has without any
   */
  readonly keyProps?: MacKeyProps;
}
