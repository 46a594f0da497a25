import { type IResolvable, type IResolveContext, Stack, Stage, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** The two sides of a replica. */
interface RelatedKey {
  /** In the stack of the replica. */
  readonly own: string;
  /** The same, made of what the primary key knows: related keys have one id. */
  readonly byPrimary: string;
  readonly primary: IConstruct;
  readonly replica: IConstruct;
  /** Whether a stack that says it is deployed after the replica. */
  readonly waits: boolean;
}

/**
 * ARN or id of a replica, for whatever stack it is read in.
 *
 * In the Region of the replica it is a reference to the replica; elsewhere it is made of the id of the primary key, so that
 * the stack of the primary has no reference back to the stack that refers to it.
 */
export function relatedKey(sides: RelatedKey): string {
  return Token.asString(new RelatedKeyToken(sides));
}

class RelatedKeyToken implements IResolvable {
  public readonly creationStack: string[] = [];
  readonly #sides: RelatedKey;

  constructor(sides: RelatedKey) {
    this.#sides = sides;
  }

  public resolve({ scope, preparing }: IResolveContext): string {
    const { own, byPrimary, primary, replica, waits } = this.#sides;
    const reader = Stack.of(scope);
    if (reader.region === Stack.of(replica).region) {
      return own;
    }
    // Whoever names the replica without a reference to it would else be deployed before it exists.
    if (waits && preparing && mayWait(topLevel(reader), primary)) {
      deployAfter(topLevel(reader), Stack.of(replica));
    }
    return byPrimary;
  }

  public toString(): string {
    return Token.asString(this);
  }
}

// The method had another name in the older versions of aws-cdk-lib that this library takes.
function deployAfter(reader: Stack, replicas: Stack): void {
  if ('addStackDependency' in reader) {
    reader.addStackDependency(replicas);
  } else {
    (reader as Stack).addDependency(replicas);
  }
}

function mayWait(reader: Stack, primary: IConstruct): boolean {
  return reader !== topLevel(Stack.of(primary)) && Stage.of(reader) === Stage.of(primary);
}

/** The stack that is deployed by itself, of which a nested stack is part. */
export function topLevel(stack: Stack): Stack {
  return stack.nestedStackParent === undefined ? stack : topLevel(stack.nestedStackParent);
}
