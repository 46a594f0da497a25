import type { Construct } from 'constructs';
import type { IKeyAgreementKey } from '../keys/i-key-agreement-key';
import { KeyAgreementKey } from '../keys/key-agreement-key';
import { declareGenerations } from './declare-generations';
import type { GenerationSet } from './generation-set';
import { KeyAgreementKeyGenerationsGrants } from './key-agreement-key-generations-grants';
import type { KeyAgreementKeyGenerationsProps } from './key-agreement-key-generations-props';
import { KeyGenerations, keyOfGeneration } from './key-generations';

/**
 * Key agreement keys that follow one another: hand out the public key of the current one; secrets that were agreed on with
 * older ones can still be derived.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys-manually.html
 */
export class KeyAgreementKeyGenerations extends KeyGenerations {
  private readonly set: GenerationSet<IKeyAgreementKey>;

  /** @throws when there is no generation */
  constructor(scope: Construct, id: string, props: KeyAgreementKeyGenerationsProps) {
    super(scope, id);
    this.set = declareGenerations(this, props, {
      kind: { usage: 'KEY_AGREEMENT', symmetric: false },
      make: (name, keyProps) => new KeyAgreementKey(this, name, keyProps),
    });
  }

  /** The key of the current generation. */
  public get current(): IKeyAgreementKey {
    return this.set.current;
  }

  /** The keys of all other generations that are not retired, from the newest to the oldest. */
  public get kept(): IKeyAgreementKey[] {
    return this.set.live.filter((key) => key !== this.set.current);
  }

  /** Permissions that span the generations, each written where it takes effect. */
  public get grants(): KeyAgreementKeyGenerationsGrants {
    return new KeyAgreementKeyGenerationsGrants(this);
  }

  /**
   * The key of a generation.
   *
   * @throws when there is no such generation
   */
  public generation(id: string): IKeyAgreementKey {
    return keyOfGeneration(this, this.set.byId, id);
  }
}
