import type { IKeyAgreementKey } from '../keys/i-key-agreement-key';
import type { KeyAgreementKeyProps } from '../keys/key-agreement-key-props';
import type { KeyGeneration, KeyGenerationsProps } from './key-generation';

/** One generation of key agreement keys. */
export interface KeyAgreementKeyGeneration extends KeyGeneration {
  /**
   * Properties in which this key differs from the others.
   *
   * @default - none
   */
  readonly keyProps?: KeyAgreementKeyProps;

  /**
   * A key that is there already, in the place of a new one: of this application, or imported by its ARN. Its key policy
   * and its state stay as they are.
   *
   * @default - a new key
   */
  readonly key?: IKeyAgreementKey;
}

/** Properties of `KeyAgreementKeyGenerations`. */
export interface KeyAgreementKeyGenerationsProps extends KeyGenerationsProps {
  /** The generations in the order in which they follow one another, at least one. Add new ones at the end. */
  readonly generations: KeyAgreementKeyGeneration[];

  /**
   * Properties of every key. Of its `access`, a generation that is not active has what does not make anything
   * new.
   *
   * @default - those that `KeyAgreementKey` has without any
   */
  readonly keyProps?: KeyAgreementKeyProps;
}
