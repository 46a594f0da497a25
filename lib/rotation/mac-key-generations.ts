import type { Construct } from 'constructs';
import type { IMacKey } from '../keys/i-mac-key';
import { MacKey } from '../keys/mac-key';
import { declareGenerations } from './declare-generations';
import type { GenerationSet } from './generation-set';
import { KeyGenerations, keyOfGeneration } from './key-generations';
import { MacKeyGenerationsGrants } from './mac-key-generations-grants';
import type { MacKeyGenerationsProps } from './mac-key-generations-props';

/**
 * Keys for message authentication codes that follow one another: the current one makes codes, older ones verify theirs.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys-manually.html
 */
export class MacKeyGenerations extends KeyGenerations {
  private readonly set: GenerationSet<IMacKey>;

  /** @throws when there is no generation */
  constructor(scope: Construct, id: string, props: MacKeyGenerationsProps) {
    super(scope, id);
    this.set = declareGenerations(this, props, {
      kind: { usage: 'GENERATE_VERIFY_MAC', symmetric: true },
      make: (name, keyProps) => new MacKey(this, name, keyProps),
    });
  }

  /** The key of the current generation. */
  public get current(): IMacKey {
    return this.set.current;
  }

  /** The keys of all other generations that are not retired, from the newest to the oldest. */
  public get kept(): IMacKey[] {
    return this.set.live.filter((key) => key !== this.set.current);
  }

  /** Permissions that span the generations, each written where it takes effect. */
  public get grants(): MacKeyGenerationsGrants {
    return new MacKeyGenerationsGrants(this);
  }

  /**
   * The key of a generation.
   *
   * @throws when there is no such generation
   */
  public generation(id: string): IMacKey {
    return keyOfGeneration(this, this.set.byId, id);
  }
}
