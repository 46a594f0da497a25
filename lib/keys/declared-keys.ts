import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import type { KeyKind } from '../policy/key-uses';
import { shown } from '../private/shape';

/** A key, as its grants, aliases and replicas need to know it. */
export interface DeclaredKey {
  readonly keyArn: string;
  readonly keyId: string;
  /** The alias that stands for a key whose ARN is not known: permissions are given on whatever key has it. */
  readonly aliasName?: string;
  readonly kind: KeyKind;
  /** Whether IAM policies of the account can give the use of the key; of an imported key, whether they are said to. */
  readonly useDelegated: boolean;
  /** The key policy; undefined for a key that was imported, whose policy nothing here can change. */
  readonly policy?: iam.PolicyDocument;
  /** The key in the template; undefined for a key that was imported. */
  readonly resource?: kms.CfnKey;
  readonly removalPolicy: RemovalPolicy;
  /** The keys of other Regions that have the same material. */
  readonly replicas: readonly kms.IKey[];
  /** The ARN for permissions, where it is another token than `keyArn`: a permission does not wait for its key. */
  readonly grantArn?: string;
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
      `${shown(key)}: this is no key of cdk-keysmith, so nothing is known about its key policy; use its own grants`,
    );
  }
  return known;
}
