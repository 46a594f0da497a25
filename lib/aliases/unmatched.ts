import { Annotations } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { fullAliasName } from '../keys/alias-name';
import type { AccessConditions } from '../policy/access-conditions';
import { aliasNamesOf } from './alias-survey';

/**
 * Has synthesis warn when a permission asks for aliases of which the key will have none: those that the application gives
 * it are other ones, as they may be for a replica with names of its own. Somebody may add an alias outside of the
 * application, so it is no error.
 */
export function warnOfOtherAliases(key: kms.IKey, grantee: string, { resourceAliases = [] }: AccessConditions): void {
  if (resourceAliases.length === 0) {
    return;
  }
  const patterns = resourceAliases.map((name) => patternOf(fullAliasName(name)));
  // As a validation, since aliases can be added until the application is synthesized.
  key.node.addValidation({
    validate: () => {
      const names = aliasNamesOf(key);
      if (names.length > 0 && !names.some((name) => patterns.some((pattern) => pattern.test(name)))) {
        Annotations.of(key).addWarningV2(
          'cdk-keysmith:otherAliases',
          `${grantee} has a permission for a key with the alias ${resourceAliases.join(' or ')}, and this key has ${names.join(', ')}: the permission does nothing here; give the key such an alias too, or grant on each key by itself`,
        );
      }
      return [];
    },
  });
}

function patternOf(name: string): RegExp {
  const escaped = name.replace(/[\\^$.|+()[\]{}]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`);
}
