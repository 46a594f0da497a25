import { Arn, ArnFormat, RemovalPolicy, type ResourceProps, Stack, Token } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct, IConstruct } from 'constructs';
import { having, requireKind, text } from '../private/shape';
import { aliasProblems, fullAliasName } from './alias-name';
import { rememberKey } from './declared-keys';
import type { KeyUsageName } from './key-specs';

/** What is said about a key that exists already. */
export interface ImportedKeyAttributes {
  /** ARN of the key: `arn:aws:kms:<region>:<account>:key/<id>`. An alias has an ARN of its own, which is not this one. */
  readonly keyArn: string;

  /**
   * Whether the key policy lets IAM policies of the key's account give its use, as the default key policy of KMS does.
   * When it does not, synthesis says with each grant which statement the key policy needs.
   *
   * @default true
   */
  readonly delegatesToAccount?: boolean;
}

/** What a class of keys knows about the keys that are imported as such. */
export interface ImportedKind {
  readonly usage: KeyUsageName;
  readonly symmetric: boolean;
}

/**
 * Why this is no ARN of a key; nothing for a token.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id-key-ARN
 */
export function keyArnProblem(keyArn: string): string | undefined {
  if (Token.isUnresolved(keyArn) || /^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/(mrk-)?[0-9a-f-]{32,36}$/.test(keyArn)) {
    return undefined;
  }
  // JavaScript can leave it out.
  const what = String(keyArn).includes(':alias/')
    ? ' is the ARN of an alias, which may point to another key tomorrow'
    : '';
  return `keyArn ${JSON.stringify(keyArn)}${what}: the ARN of a key is arn:<partition>:kms:<region>:<account>:key/<key id>; use that, or fromAliasName`;
}

/**
 * The account and Region of a key, which are those of its ARN.
 *
 * @throws when it is no ARN of a key: before aws-cdk-lib takes it apart and complains about its parts
 */
export function environmentOf(scope: Construct, id: string, attributes: ImportedKeyAttributes): ResourceProps {
  requireKind(`${scope.node.path}/${id}`, 'attributes', attributes, having('an object with keyArn', 'keyArn'));
  const { keyArn } = attributes;
  const problem = keyArnProblem(keyArn);
  if (problem !== undefined) {
    throw new Error(`${scope.node.path}/${id}: ${problem}`);
  }
  return { environmentFromArn: keyArn };
}

/** Remembers a key by its ARN. */
export function importKey(key: IConstruct, attributes: ImportedKeyAttributes, kind: ImportedKind): void {
  const { keyArn } = attributes;
  rememberKey(key, {
    keyArn,
    keyId: Arn.extractResourceName(keyArn, 'key'),
    kind: { ...kind, imported: false, multiRegion: keyArn.includes('key/mrk-') },
    useDelegated: attributes.delegatesToAccount ?? true,
    removalPolicy: RemovalPolicy.RETAIN,
    replicas: [],
  });
}

/**
 * Remembers a key by an alias of this account and Region. Which key that is, is not known before deployment: permissions
 * are given on whatever key has the alias.
 *
 * @throws when it is no name of an alias that a customer managed key can have
 */
export function importKeyByAlias(key: IConstruct, alias: string, kind: ImportedKind): void {
  requireKind(key.node.path, 'aliasName', alias, text);
  const [problem] = aliasProblems(alias);
  if (problem !== undefined) {
    throw new Error(`${key.node.path}: ${problem}`);
  }
  const aliasName = fullAliasName(alias);
  rememberKey(key, {
    keyArn: Stack.of(key).formatArn({ service: 'kms', resource: aliasName, arnFormat: ArnFormat.NO_RESOURCE_NAME }),
    keyId: aliasName,
    aliasName,
    kind: { ...kind, imported: false, multiRegion: false },
    useDelegated: true,
    removalPolicy: RemovalPolicy.RETAIN,
    replicas: [],
  });
}

/** Looks a key up in the account by its alias, when the application is synthesized; the answer is kept in cdk.context.json. */
export function lookUpKeyArn(key: IConstruct, alias: string): string {
  requireKind(key.node.path, 'aliasName', alias, text);
  const [problem] = aliasProblems(alias);
  if (problem !== undefined) {
    throw new Error(`${key.node.path}: ${problem}`);
  }
  return kms.Key.fromLookup(key as Construct, 'Lookup', { aliasName: fullAliasName(alias) }).keyArn;
}
