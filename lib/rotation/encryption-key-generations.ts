import type { Construct } from 'constructs';
import { EncryptionKey } from '../keys/encryption-key';
import type { IEncryptionKey } from '../keys/i-encryption-key';
import { KeyAccess } from '../policy/key-access';
import { declareGenerations } from './declare-generations';
import { EncryptionKeyGenerationsGrants } from './encryption-key-generations-grants';
import type { EncryptionKeyGenerationsProps } from './encryption-key-generations-props';
import type { GenerationSet } from './generation-set';
import { KeyGenerations, keyOfGeneration } from './key-generations';

/**
 * Symmetric encryption keys that follow one another: the current one encrypts, older ones decrypt.
 *
 * A key rotates by itself, which is enough for most: the key stays the same and only its material is new. Generations are
 * for imported material, and for when the key itself has to change. Give them to an `Envelope` as a whole.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys-manually.html
 */
export class EncryptionKeyGenerations extends KeyGenerations {
  private readonly set: GenerationSet<IEncryptionKey>;

  /** @throws when there is no generation */
  constructor(scope: Construct, id: string, props: EncryptionKeyGenerationsProps) {
    super(scope, id);
    this.set = declareGenerations(this, props, {
      kind: { usage: 'ENCRYPT_DECRYPT', symmetric: true },
      make: (name, keyProps) => new EncryptionKey(this, name, keyProps),
      kept: ({ users = [], ...props }) =>
        users.length === 0 ? props : { ...props, access: [KeyAccess.decrypt(users), ...(props.access ?? [])] },
    });
  }

  /** The key of the current generation. */
  public get current(): IEncryptionKey {
    return this.set.current;
  }

  /** The keys of all other generations that are not retired, from the newest to the oldest. */
  public get kept(): IEncryptionKey[] {
    return this.set.live.filter((key) => key !== this.set.current);
  }

  /** Permissions that span the generations, each written where it takes effect. */
  public get grants(): EncryptionKeyGenerationsGrants {
    return new EncryptionKeyGenerationsGrants(this);
  }

  /**
   * The key of a generation.
   *
   * @throws when there is no such generation
   */
  public generation(id: string): IEncryptionKey {
    return keyOfGeneration(this, this.set.byId, id);
  }
}
