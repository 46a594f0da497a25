import { Annotations } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { knownKey } from '../keys/declared-keys';
import { ENCRYPTED_SERVICES, type EncryptedResource, type EncryptedServiceFacts } from './encrypted-services';

/**
 * Warns of a key by alias where that surprises.
 *
 * @throws when the service cannot encrypt under the key; of a key that this library did not make, nothing is known
 */
export function requireSuitable(key: kms.IKey, resource: EncryptedResource): void {
  const known = knownKey(key);
  if (known === undefined) {
    return;
  }
  const facts: EncryptedServiceFacts = ENCRYPTED_SERVICES[resource];
  const { kind, aliasName } = known;
  if (kind.usage !== 'ENCRYPT_DECRYPT' || !kind.symmetric) {
    throw new Error(
      `${key.node.path}: ${kind.symmetric ? 'a symmetric' : 'an asymmetric'} key with usage ${kind.usage} cannot encrypt ${facts.resource}: AWS services encrypt under symmetric encryption keys only; use an EncryptionKey`,
    );
  }
  if (aliasName === undefined) {
    return;
  }
  if (facts.byAlias !== undefined) {
    throw new Error(
      `${key.node.path}: the key ${aliasName} is imported by its alias and cannot encrypt ${facts.resource}: ${facts.byAlias}; import it by ARN or fromLookup`,
    );
  }
  if (resource === 'bucket') {
    Annotations.of(key).addWarningV2(
      'cdk-keysmith:bucketKeyByAlias',
      `the key ${aliasName} of a bucket is imported by its alias, which S3 looks for in the account of whoever makes a request: another account would use a key of its own; import it by ARN or fromLookup`,
    );
  }
}
