import { Annotations, Duration, Lazy, Size, Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { allowActionsInRegion } from '../grants/allow';
import type { IEncryptionKey } from '../keys/i-encryption-key';
import { requireShape, shown } from '../private/shape';
import { actionsFor, type ContractDirection, contractValue, VARIABLE_PREFIX, variableName } from './contract';
import { type EnvelopeKeys, envelopeKeyProblems, envelopeKeys } from './envelope-keys';
import { envelopeProblems } from './envelope-problems';
import { ENVELOPE, type EnvelopeProps } from './envelope-props';
import { environmentProblems } from './environment-size';
import { type Holder, holderOf } from './holder';
import { claimVariable, overwrittenProblems } from './variables';

/** What an envelope knows of one who has it. */
interface Held extends Holder {
  readonly name: string;
  /** Undefined as long as nothing is granted. */
  direction?: ContractDirection;
  /** Whether the value is somewhere: in the environment of a function, or with the author. */
  given: boolean;
}

/**
 * A key, an encryption context and who may do what with them, declared once.
 *
 * Each grant gives a function three things that belong together: the IAM permission for exactly the KMS action that it
 * needs, under the condition of this encryption context; the environment value that `envelope('<name>')` of
 * `@cdk-keysmith/envelope` reads; and with it the checks that the helper makes before it calls KMS.
 *
 * Whatever else runs with a role is granted by that role, and given the value by its author; a container by
 * `container.addEnvironment(orders.variableName, orders.environmentValue(taskDefinition.taskRole))`.
 */
export class Envelope extends Construct {
  /** Name by which the helper finds this envelope. */
  public readonly envelopeName: string;

  /** The key that data keys are wrapped under: with generations, the current one. */
  public readonly key: IEncryptionKey;

  private readonly keys: EnvelopeKeys;
  private readonly props: EnvelopeProps;
  private readonly held = new Map<object, Held>();

  /** @throws unless exactly one of `key` and `generations` is given */
  constructor(scope: Construct, id: string, props: EnvelopeProps) {
    super(scope, id);
    requireShape(this.node.path, props, ENVELOPE);
    this.envelopeName = props.envelopeName ?? id;
    this.keys = envelopeKeys(this, props);
    this.key = this.keys.wrap;
    this.props = props;
    const found = [...envelopeProblems(this.envelopeName, props), ...envelopeKeyProblems(this.keys)];
    this.node.addValidation({
      validate: () => [...found, ...[...this.held.values()].flatMap((one) => this.check(one))],
    });
  }

  /** Name of the environment variable that a granted function gets: `KEYSMITH_ENVELOPE_` and the envelope's name. */
  public get variableName(): string {
    return variableName(this.envelopeName);
  }

  /**
   * Lets a function or a role seal: `kms:GenerateDataKey` under this encryption context, and nothing that opens.
   *
   * @param grantee the function that gets the permission and the environment value, or the role of whatever else
   * @throws when the function has another envelope of this name already, when its environment cannot be written, as that of
   * a version, or when no policy could take the permission
   */
  public grantEncrypt(grantee: iam.IGrantable): iam.Grant {
    return this.allow(grantee, 'encrypt');
  }

  /**
   * Lets a function or a role open: `kms:Decrypt` under this encryption context, and nothing that seals.
   *
   * @param grantee the function that gets the permission and the environment value, or the role of whatever else
   * @throws when the function has another envelope of this name already, when its environment cannot be written, as that of
   * a version, or when no policy could take the permission
   */
  public grantDecrypt(grantee: iam.IGrantable): iam.Grant {
    return this.allow(grantee, 'decrypt');
  }

  /**
   * Lets a function or a role seal and open. Prefer two functions with one right each.
   *
   * @param grantee the function that gets the permission and the environment value, or the role of whatever else
   * @throws when the function has another envelope of this name already, when its environment cannot be written, as that of
   * a version, or when no policy could take the permission
   */
  public grantEncryptDecrypt(grantee: iam.IGrantable): iam.Grant {
    return this.allow(grantee, 'both');
  }

  /**
   * The environment value for whatever is no function: a container, a project of CodeBuild, an instance. It belongs under
   * `variableName` into the environment of what runs with the role, and says what is granted to that, before or after.
   *
   * @param grantee what the grants are for: a role, for instance the `taskRole` of a task definition
   * @returns a token, which becomes the JSON text of the contract; no secret is in it
   * @throws for a function whose environment cannot be written, as that of a version
   */
  public environmentValue(grantee: iam.IGrantable): string {
    const holder = this.holder(grantee);
    holder.given = true;
    return this.valueFor(holder);
  }

  private allow(grantee: iam.IGrantable, direction: ContractDirection): iam.Grant {
    const holder = this.holder(grantee);
    const { function: handler, direction: before } = holder;
    if (before === undefined && handler !== undefined) {
      claimVariable(handler, this.variableName, this);
      handler.addEnvironment(this.variableName, this.valueFor(holder));
      holder.given = true;
    }
    holder.direction = before === undefined || before === direction ? direction : 'both';

    const conditions = { encryptionContext: this.props.context, requiredContext: this.props.requiredContext };
    return this.keys
      .neededIn(holder.place ?? this)
      .map(({ key, part }) => ({ key, actions: actionsFor(direction, part) }))
      .filter(({ actions }) => actions.length > 0)
      .map(({ key, actions }) => allowActionsInRegion(key, grantee, actions, conditions))
      .reduce((all, one) => all.combine(one));
  }

  private holder(grantee: iam.IGrantable): Held {
    const holder = holderOf(this, grantee);
    const held = this.held.get(holder.identity) ?? { ...holder, name: shown(grantee), given: false };
    this.held.set(holder.identity, held);
    return held;
  }

  // Lazy: a later grant to the same one widens the direction of the one value that it has.
  private valueFor(holder: Held): string {
    return Lazy.string({ produce: () => Stack.of(holder.place ?? this).toJsonString(this.contractFor(holder)) });
  }

  private contractFor({ place, direction = 'both' }: Held): Record<string, unknown> {
    const cache = this.props.cache ?? {};
    const keys = this.keys.neededIn(place ?? this);
    return contractValue({
      direction,
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

  /** What is wrong with one who has the envelope, when everything is declared. */
  private check(holder: Held): string[] {
    const { name, direction, given, function: handler } = holder;
    if (direction === undefined) {
      return [
        `${name} is given the environment value and no permission, so the helper would be denied; call grantEncrypt, grantDecrypt or grantEncryptDecrypt for it`,
      ];
    }
    if (!given) {
      Annotations.of(this).addWarningV2(
        'cdk-keysmith:envelopeWithoutValue',
        `${name} has the permission and, as far as is known here, no environment value, without which the helper does not find the envelope; put environmentValue of it into its environment as ${this.variableName}`,
      );
    }
    return handler === undefined
      ? []
      : [
          ...environmentProblems(handler, VARIABLE_PREFIX),
          ...overwrittenProblems(handler, this.variableName, this.valueFor(holder)),
        ];
  }
}
