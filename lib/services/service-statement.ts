import * as iam from 'aws-cdk-lib/aws-iam';
import type { Conditions } from './facts';

/**
 * A statement whose conditions are made when its policy is rendered: only then all resources are there that it is about,
 * and what they need is known.
 */
export class ServiceStatement extends iam.PolicyStatement {
  constructor(
    actions: readonly string[],
    principals: readonly iam.IPrincipal[],
    private readonly whenRendered: () => Conditions | undefined,
  ) {
    // In a key policy "*" stands for the key that the policy belongs to.
    super({ actions: [...actions], principals: [...principals], resources: ['*'] });
  }

  /** Conditions and all: what is asked of a statement before it is rendered must be what will be rendered. */
  public override toStatementJson(): object {
    this.freeze();
    return super.toStatementJson();
  }

  /** Called by the policy before it is rendered. */
  public override freeze(): iam.PolicyStatement {
    if (!this.frozen) {
      this.addConditions(this.whenRendered() ?? {});
    }
    return super.freeze();
  }
}
