import type { IConstruct } from 'constructs';
import { optOut } from './opt-out';

/** What the services of all kinds of keys have in common. */
// biome-ignore lint/complexity/noStaticOnlyClass: jsii has no functions outside of classes
export abstract class KeyServices {
  /**
   * Keeps a construct, and all that is in it, out of the statements that come by themselves: its author writes what is
   * needed. Statements that aws-cdk-lib writes for it itself are then narrowed to the account only.
   *
   * @param construct a resource that is given a key of this library, or a construct that has such resources
   * @throws for an argument of another type
   */
  public static optOut(construct: IConstruct): void {
    optOut(construct);
  }
}
