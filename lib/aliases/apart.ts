import { Annotations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { deletionPolicyOf } from '../private/deletion-policy';

/**
 * Has synthesis warn when an alias and its key part: one is kept and the other deleted with the stack. Removal policies
 * that an aspect gives to one type of resource do that.
 */
export function warnWhereApart(key: IConstruct, alias: IConstruct): void {
  // As a validation, since aspects come last.
  key.node.addValidation({
    validate: () => {
      const [ofKey, ofAlias] = [key, alias].map(deletionPolicyOf);
      if (ofKey !== undefined && ofAlias !== ofKey) {
        Annotations.of(alias).addWarningV2(
          'cdk-keysmith:aliasApartFromKey',
          `its deletion policy is ${ofAlias ?? 'not set'} and that of its key ${ofKey}: the one that is kept without the other stands in the way of the next deployment; give both the same, for instance with applyRemovalPolicy of the key`,
        );
      }
      return [];
    },
  });
}
