import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import type { KeyKind } from '../policy/key-uses';

/** A key of this application, as its grants, aliases and replicas need to know it. */
export interface DeclaredKey {
  readonly resource: kms.CfnKey;
  readonly kind: KeyKind;
  readonly policy: iam.PolicyDocument;
  /** Whether IAM policies of the account can give the use of the key. */
  readonly useDelegated: boolean;
  readonly removalPolicy: RemovalPolicy;
  readonly pendingWindowInDays: number;
}

/** What is known about the keys of this application, by their constructs. */
const declared = new WeakMap<IConstruct, DeclaredKey>();

/** Keeps what is known about a key. */
export function rememberKey(key: IConstruct, facts: DeclaredKey): void {
  declared.set(key, facts);
}

/** What is known about a key; undefined for one that this library did not make. */
export function knownKey(key: IConstruct): DeclaredKey | undefined {
  return declared.get(key);
}

/**
 * What is known about a key that this library made.
 *
 * @throws for any other
 */
export function declaredKey(key: IConstruct): DeclaredKey {
  const known = knownKey(key);
  if (known === undefined) {
    throw new Error(
      `${key.node.path}: this is no key of cdk-keysmith, so nothing is known about its key policy; use its own grants`,
    );
  }
  return known;
}
