import { ArnFormat, RemovalPolicy, Resource, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { aliasProblems, fullAliasName } from '../keys/alias-name';
import { knownKey } from '../keys/declared-keys';
import { problems } from '../private/rules';
import { key as aKey, requireKind, requireShape } from '../private/shape';
import { surveyAliases } from './alias-survey';
import { KEY_ALIAS, type KeyAliasProps } from './key-alias-props';
import { moveProblem } from './move-problem';

/**
 * An alias on its own, which can move from one key to another of the same type and usage.
 *
 * Use it where the name outlives the key: a key that takes over from another one, or a key that is imported. An alias
 * that belongs to one key for good is said with the key's `alias` and `aliases`.
 *
 * IMPORTANT: what is encrypted under the former key needs that key as long as it is kept: `Decrypt` finds the key in the
 * ciphertext and not by the alias.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/alias-update.html
 */
export class KeyAlias extends Resource implements kms.IAliasRef {
  /** Name with its prefix, `alias/orders`. */
  public readonly aliasName: string;

  private readonly resource: kms.CfnAlias;
  private target: kms.IKey;

  /** @throws for a property of another type */
  constructor(scope: Construct, id: string, props: KeyAliasProps) {
    super(scope, id);
    requireShape(this.node.path, props, KEY_ALIAS);
    const former = props.formerTargets ?? [];
    this.aliasName = fullAliasName(props.aliasName);
    this.target = props.targetKey;
    this.resource = new kms.CfnAlias(this, 'Resource', {
      aliasName: this.aliasName,
      targetKeyId: props.targetKey.keyArn,
    });
    this.resource.applyRemovalPolicy(props.removalPolicy ?? policyOf(props.targetKey));
    this.node.addValidation({
      validate: () => [
        ...aliasProblems(props.aliasName),
        ...targetProblems(this.target),
        ...former.flatMap((key) => moveProblem(this.aliasName, key, this.target) ?? []),
      ],
    });
    surveyAliases(this);
  }

  /** ARN of the alias. It is not an ARN of a key: a policy that names it says something about the alias only. */
  public get aliasArn(): string {
    return Stack.of(this).formatArn({
      service: 'kms',
      resource: this.aliasName,
      arnFormat: ArnFormat.NO_RESOURCE_NAME,
    });
  }

  /** Reference to this alias, for constructs that take any `kms.IAliasRef`. */
  public get aliasRef(): kms.AliasReference {
    return { aliasName: this.aliasName };
  }

  /** The key that the alias points to. */
  public get targetKey(): kms.IKey {
    return this.target;
  }

  /**
   * Lets the alias point to another key.
   *
   * @param key a key of the same type and usage, in the same account and Region
   * @throws when it is known to be of another type or usage, since KMS refuses to move the alias then
   */
  public pointTo(key: kms.IKey): void {
    requireKind(this.node.path, 'key', key, aKey);
    const problem = moveProblem(this.aliasName, this.target, key);
    if (problem !== undefined) {
      throw new Error(`${this.node.path}: ${problem}`);
    }
    this.target = key;
    this.resource.targetKeyId = key.keyArn;
  }
}

function targetProblems(target: kms.IKey): string[] {
  return problems([
    {
      when: knownKey(target)?.aliasName !== undefined,
      message: `targetKey ${target.node.path} is imported by its alias, and an alias points to a key and not to an alias; import it by ARN or fromLookup`,
    },
  ]);
}

function policyOf(key: kms.IKey): RemovalPolicy {
  return knownKey(key)?.removalPolicy ?? RemovalPolicy.RETAIN;
}
