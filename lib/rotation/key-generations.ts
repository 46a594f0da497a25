import { CfnOutput } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { generationsOf } from './generation-set';

/**
 * Keys that follow one another: the current one signs, encrypts or authenticates, older ones verify and decrypt until
 * they are retired.
 *
 * This is rotation for keys that KMS does not rotate, and for symmetric encryption keys when the key itself has to
 * change. A generation goes through `current`, kept, `retired` and out of the list; each step is a change of the template
 * that replaces nothing.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys-manually.html
 */
export abstract class KeyGenerations extends Construct {
  /** Id of the current generation. */
  public get currentId(): string {
    return generationsOf(this).currentId;
  }

  /** Name of the alias with its prefix; undefined without alias. */
  public get aliasName(): string | undefined {
    return generationsOf(this).aliasName;
  }

  /** ARNs of all generations that are not retired: the current one first, then from the newest to the oldest. */
  public get keyArns(): string[] {
    return generationsOf(this).live.map(({ keyArn }) => keyArn);
  }

  /**
   * Gives the stack the outputs `CurrentKeyArn`, `KeyArn` with the id of each generation, retired ones too, and
   * `AliasName`.
   */
  public addOutputs(): void {
    const { current, byId, aliasName } = generationsOf(this);
    new CfnOutput(this, 'CurrentKeyArn', { value: current.keyArn });
    for (const [id, { keyArn }] of byId) {
      new CfnOutput(this, `KeyArn${id}`, { value: keyArn });
    }
    if (aliasName !== undefined) {
      new CfnOutput(this, 'AliasName', { value: aliasName });
    }
  }
}

/**
 * The key of a generation.
 *
 * @throws when there is no such generation
 */
export function keyOfGeneration<K extends kms.IKey>(scope: Construct, byId: ReadonlyMap<string, K>, id: string): K {
  const key = byId.get(id);
  if (key === undefined) {
    throw new Error(
      `${scope.node.path}: there is no generation ${JSON.stringify(id)}; there are ${[...byId.keys()].join(', ')}`,
    );
  }
  return key;
}
