import type { Construct } from 'constructs';
import { AsymmetricEncryptionKey } from '../keys/asymmetric-encryption-key';
import type { IAsymmetricEncryptionKey } from '../keys/i-asymmetric-encryption-key';
import { AsymmetricEncryptionKeyGenerationsGrants } from './asymmetric-encryption-key-generations-grants';
import type { AsymmetricEncryptionKeyGenerationsProps } from './asymmetric-encryption-key-generations-props';
import { declareGenerations } from './declare-generations';
import type { GenerationSet } from './generation-set';
import { KeyGenerations, keyOfGeneration } from './key-generations';

/**
 * Asymmetric encryption keys that follow one another: the current one encrypts, and older ones decrypt what was encrypted for
 * them. Whoever has an old public key can go on encrypting for it: replace what you have handed out before you retire it.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys-manually.html
 */
export class AsymmetricEncryptionKeyGenerations extends KeyGenerations {
  private readonly set: GenerationSet<IAsymmetricEncryptionKey>;

  /** @throws when there is no generation */
  constructor(scope: Construct, id: string, props: AsymmetricEncryptionKeyGenerationsProps) {
    super(scope, id);
    this.set = declareGenerations(this, props, {
      kind: { usage: 'ENCRYPT_DECRYPT', symmetric: false },
      make: (name, keyProps) => new AsymmetricEncryptionKey(this, name, keyProps),
    });
  }

  /** The key of the current generation. */
  public get current(): IAsymmetricEncryptionKey {
    return this.set.current;
  }

  /** The keys of all other generations that are not retired, from the newest to the oldest. */
  public get kept(): IAsymmetricEncryptionKey[] {
    return this.set.live.filter((key) => key !== this.set.current);
  }

  /** Permissions that span the generations, each written where it takes effect. */
  public get grants(): AsymmetricEncryptionKeyGenerationsGrants {
    return new AsymmetricEncryptionKeyGenerationsGrants(this);
  }

  /**
   * The key of a generation.
   *
   * @throws when there is no such generation
   */
  public generation(id: string): IAsymmetricEncryptionKey {
    return keyOfGeneration(this, this.set.byId, id);
  }
}
