import type { AsymmetricEncryptionKeyProps } from '../keys/asymmetric-encryption-key-props';
import type { IAsymmetricEncryptionKey } from '../keys/i-asymmetric-encryption-key';
import type { KeyGeneration, KeyGenerationsProps } from './key-generation';

/** One generation of asymmetric encryption keys. */
export interface AsymmetricEncryptionKeyGeneration extends KeyGeneration {
  /**
   * Properties in which this key differs from the others.
   *
   * @default - none
   */
  readonly keyProps?: AsymmetricEncryptionKeyProps;

  /**
   * A key that is there already, in the place of a new one: of this application, or imported by its ARN. Its key policy
   * and its state stay as they are.
   *
   * @default - a new key
   */
  readonly key?: IAsymmetricEncryptionKey;
}

/** Properties of `AsymmetricEncryptionKeyGenerations`. */
export interface AsymmetricEncryptionKeyGenerationsProps extends KeyGenerationsProps {
  /** The generations in the order in which they follow one another, at least one. Add new ones at the end. */
  readonly generations: AsymmetricEncryptionKeyGeneration[];

  /**
   * Properties of every key. Of its `access`, a generation that is not active has what does not make anything
   * new.
   *
   * @default - those that `AsymmetricEncryptionKey` has without any
   */
  readonly keyProps?: AsymmetricEncryptionKeyProps;
}
