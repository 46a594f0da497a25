import { Stack, Stage, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { having, requireShape, text } from '../private/shape';

/** Context value that `AliasName.forApp` reads. */
const APP_NAME = 'cdk-keysmith:appName';

const ARGUMENTS = { scope: having('a construct', 'node'), name: text };

/**
 * Names of aliases that differ from one deployment of an application to the next.
 *
 * An account has a name once per Region: two stages of one application in one account cannot both have `alias/orders`.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html
 */
// biome-ignore lint/complexity/noStaticOnlyClass: jsii has no functions outside of classes
export class AliasName {
  /**
   * `alias/<stage>/<name>`, with the name of the stage that the scope is in; of nested stages all names.
   *
   * @param name what the key is for, `orders`
   * @throws when the scope is in no stage but the application itself, which has no name
   */
  public static forStage(scope: IConstruct, name: string): string {
    requireShape('AliasName.forStage', { scope, name }, ARGUMENTS);
    const stage = Stage.of(scope)?.stageName ?? '';
    if (stage === '') {
      throw new Error(
        `${scope.node.path}: alias ${JSON.stringify(name)} cannot be named after a stage, because the stack is in none; put it into a Stage, or use AliasName.forStack or forApp`,
      );
    }
    return joined(stage, name);
  }

  /**
   * `alias/<stack>/<name>`, with the name of the stack; of a nested stack that of the stack that it belongs to.
   *
   * @param name what the key is for, `orders`
   * @throws for an argument of another type
   */
  public static forStack(scope: IConstruct, name: string): string {
    requireShape('AliasName.forStack', { scope, name }, ARGUMENTS);
    let stack = Stack.of(scope);
    // A nested stack gets another name with every new deployment.
    for (let parent = stack.nestedStackParent; parent !== undefined; parent = stack.nestedStackParent) {
      stack = parent;
    }
    return joined(stack.stackName, name);
  }

  /**
   * `alias/<application>/<name>`, with the name that the context value `cdk-keysmith:appName` gives the application, for
   * instance in `cdk.json`.
   *
   * @param name what the key is for, `orders`
   * @throws when the context has no such value
   */
  public static forApp(scope: IConstruct, name: string): string {
    requireShape('AliasName.forApp', { scope, name }, ARGUMENTS);
    const app: unknown = scope.node.tryGetContext(APP_NAME);
    if (typeof app !== 'string' || app === '') {
      throw new Error(
        `${scope.node.path}: alias ${JSON.stringify(name)} cannot be named after the application, because the context value ${JSON.stringify(APP_NAME)} is ${JSON.stringify(app) ?? 'not set'}; give it a text in cdk.json`,
      );
    }
    return joined(app, name);
  }
}

function joined(prefix: string, name: string): string {
  return `alias/${plain(prefix)}/${name.replace(/^alias\//, '')}`;
}

// Names of stages may have dots, which those of aliases have not.
function plain(prefix: string): string {
  return Token.isUnresolved(prefix) ? prefix : prefix.replaceAll('.', '-');
}
