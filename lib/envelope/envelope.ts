import { Duration, Lazy, Size, Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { allowActionsInRegion } from '../grants/allow';
import type { IEncryptionKey } from '../keys/i-encryption-key';
import { actionsFor, type ContractDirection, contractValue, VARIABLE_PREFIX, variableName } from './contract';
import { type EnvelopeKeys, envelopeKeyProblems, envelopeKeys } from './envelope-keys';
import { envelopeProblems } from './envelope-problems';
import type { EnvelopeProps } from './envelope-props';
import { environmentProblems } from './environment-size';
import { claimVariable } from './variables';

/**
 * A key, an encryption context and who may do what with them, declared once.
 *
 * Each grant gives a function three things that belong together: the IAM permission for exactly the KMS action that it
 * needs, under the condition of this encryption context; the environment value that `envelope('<name>')` of
 * `@cdk-keysmith/envelope` reads; and with it the checks that the helper makes before it calls KMS.
 */
export class Envelope extends Construct {
  /** Name by which the helper finds this envelope. */
  public readonly envelopeName: string;

  /** The key that data keys are wrapped under: with generations, the current one. */
  public readonly key: IEncryptionKey;

  private readonly keys: EnvelopeKeys;
  private readonly props: EnvelopeProps;
  private readonly directions = new Map<string, ContractDirection>();

  /** @throws unless exactly one of `key` and `generations` is given */
  constructor(scope: Construct, id: string, props: EnvelopeProps) {
    super(scope, id);
    this.envelopeName = props.envelopeName ?? id;
    this.keys = envelopeKeys(this, props);
    this.key = this.keys.wrap;
    this.props = props;
    const found = [...envelopeProblems(this.envelopeName, props), ...envelopeKeyProblems(this.keys)];
    this.node.addValidation({ validate: () => found });
  }

  /** Name of the environment variable that a granted function gets: `KEYSMITH_ENVELOPE_` and the envelope's name. */
  public get variableName(): string {
    return variableName(this.envelopeName);
  }

  /**
   * Lets a function seal: `kms:GenerateDataKey` under this encryption context, and nothing that opens.
   *
   * @param handler the function that gets the permission and the environment value
   * @throws when the function has another envelope of this name already, or when no policy could take the permission
   */
  public grantEncrypt(handler: lambda.Function): iam.Grant {
    return this.allow(handler, 'encrypt');
  }

  /**
   * Lets a function open: `kms:Decrypt` under this encryption context, and nothing that seals.
   *
   * @param handler the function that gets the permission and the environment value
   * @throws when the function has another envelope of this name already, or when no policy could take the permission
   */
  public grantDecrypt(handler: lambda.Function): iam.Grant {
    return this.allow(handler, 'decrypt');
  }

  /**
   * Lets a function seal and open. Prefer two functions with one right each.
   *
   * @param handler the function that gets the permission and the environment value
   * @throws when the function has another envelope of this name already, or when no policy could take the permission
   */
  public grantEncryptDecrypt(handler: lambda.Function): iam.Grant {
    return this.allow(handler, 'both');
  }

  private allow(handler: lambda.Function, direction: ContractDirection): iam.Grant {
    const path = handler.node.path;
    const before = this.directions.get(path);
    if (before === undefined) {
      claimVariable(handler, this.variableName, this);
      this.node.addValidation({ validate: () => environmentProblems(handler, VARIABLE_PREFIX) });
      handler.addEnvironment(
        this.variableName,
        // Lazy: a later grant to the same function widens the direction of the one value that it has.
        Lazy.string({ produce: () => Stack.of(handler).toJsonString(this.valueFor(handler)) }),
      );
    }
    this.directions.set(path, before === undefined || before === direction ? direction : 'both');

    const conditions = { encryptionContext: this.props.context, requiredContext: this.props.requiredContext };
    return this.keys
      .forFunction(handler)
      .map(({ key, part }) => ({ key, actions: actionsFor(direction, part) }))
      .filter(({ actions }) => actions.length > 0)
      .map(({ key, actions }) => allowActionsInRegion(key, handler, actions, conditions))
      .reduce((all, one) => all.combine(one));
  }

  private valueFor(handler: lambda.Function): Record<string, unknown> {
    const cache = this.props.cache ?? {};
    const keys = this.keys.forFunction(handler);
    return contractValue({
      direction: this.directions.get(handler.node.path) ?? 'both',
      wrapKeyArns: keys.filter(({ current, part }) => current && part !== 'unwraps').map(({ arn }) => arn),
      unwrapKeyArns: keys.map(({ arn }) => arn),
      context: this.props.context ?? {},
      requiredContext: this.props.requiredContext ?? [],
      cache: {
        maxAgeSeconds: (cache.maxAge ?? Duration.minutes(5)).toSeconds({ integral: false }),
        maxMessages: cache.maxMessages ?? 10_000,
        maxBytes: (cache.maxBytes ?? Size.gibibytes(1)).toBytes(),
      },
    });
  }
}
