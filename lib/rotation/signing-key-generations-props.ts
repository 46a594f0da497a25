import type { ISigningKey } from '../keys/i-signing-key';
import type { SigningKeyProps } from '../keys/signing-key-props';
import type { KeyGeneration, KeyGenerationsProps } from './key-generation';

/** One generation of signing keys. */
export interface SigningKeyGeneration extends KeyGeneration {
  /**
   * Properties in which this key differs from the others.
   *
   * @default - none
   */
  readonly keyProps?: SigningKeyProps;

  /**
   * A key that is there already, in the place of a new one: of this application, or imported by its ARN. Its key policy
   * and its state stay as they are.
   *
   * @default - a new key
   */
  readonly key?: ISigningKey;
}

/** Properties of `SigningKeyGenerations`. */
export interface SigningKeyGenerationsProps extends KeyGenerationsProps {
  /** The generations in the order in which they follow one another, at least one. Add new ones at the end. */
  readonly generations: SigningKeyGeneration[];

  /**
   * Properties of every key. Of its `access`, a generation that is not active has what does not make anything
   * new.
   */
  readonly keyProps: SigningKeyProps;
}
