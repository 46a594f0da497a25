import type { EncryptionKeyProps } from '../keys/encryption-key-props';
import type { IEncryptionKey } from '../keys/i-encryption-key';
import type { KeyGeneration, KeyGenerationsProps } from './key-generation';

/** One generation of symmetric encryption keys. */
export interface EncryptionKeyGeneration extends KeyGeneration {
  /**
   * Properties in which this key differs from the others.
   *
   * @default - none
   */
  readonly keyProps?: EncryptionKeyProps;

  /**
   * A key that is there already, in the place of a new one: of this application, or imported by its ARN. Its key policy
   * and its state stay as they are.
   *
   * @default - a new key
   */
  readonly key?: IEncryptionKey;
}

/** Properties of `EncryptionKeyGenerations`. */
export interface EncryptionKeyGenerationsProps extends KeyGenerationsProps {
  /** The generations in the order in which they follow one another, at least one. Add new ones at the end. */
  readonly generations: EncryptionKeyGeneration[];

  /**
   * Properties of every key. Of its `access`, a generation that is not active has what does not make anything
   * new.
   *
   * @default - those that `EncryptionKey` has without any
   */
  readonly keyProps?: EncryptionKeyProps;
}
