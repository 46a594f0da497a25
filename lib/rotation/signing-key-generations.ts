import type { Construct } from 'constructs';
import type { ISigningKey } from '../keys/i-signing-key';
import { SigningKey } from '../keys/signing-key';
import { declareGenerations } from './declare-generations';
import type { GenerationSet } from './generation-set';
import { KeyGenerations, keyOfGeneration } from './key-generations';
import { SigningKeyGenerationsGrants } from './signing-key-generations-grants';
import type { SigningKeyGenerationsProps } from './signing-key-generations-props';

/**
 * Signing keys that follow one another: the current one signs, and signatures of older ones can be verified.
 *
 * With `keySpec` in the properties of a generation, its algorithm differs from that of the others, for instance to move to
 * ML-DSA: whoever signs then names another `SigningAlgorithm`.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys-manually.html
 */
export class SigningKeyGenerations extends KeyGenerations {
  private readonly set: GenerationSet<ISigningKey>;

  /** @throws when there is no generation */
  constructor(scope: Construct, id: string, props: SigningKeyGenerationsProps) {
    super(scope, id);
    this.set = declareGenerations(this, props, {
      kind: { usage: 'SIGN_VERIFY', symmetric: false },
      make: (name, keyProps) => new SigningKey(this, name, keyProps),
    });
  }

  /** The key of the current generation. */
  public get current(): ISigningKey {
    return this.set.current;
  }

  /** The keys of all other generations that are not retired, from the newest to the oldest. */
  public get kept(): ISigningKey[] {
    return this.set.live.filter((key) => key !== this.set.current);
  }

  /** Permissions that span the generations, each written where it takes effect. */
  public get grants(): SigningKeyGenerationsGrants {
    return new SigningKeyGenerationsGrants(this);
  }

  /**
   * The key of a generation.
   *
   * @throws when there is no such generation
   */
  public generation(id: string): ISigningKey {
    return keyOfGeneration(this, this.set.byId, id);
  }
}
