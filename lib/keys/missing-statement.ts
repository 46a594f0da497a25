import { Annotations, Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/**
 * Says which statement the key policy of an imported key would need, since nothing here can add it.
 *
 * @throws when doing nothing is not allowed
 */
export function missingStatement(
  key: IConstruct,
  statement: iam.PolicyStatement,
  allowNoOp: boolean,
): iam.AddToResourcePolicyResult {
  const wanted = JSON.stringify(Stack.of(key).resolve(statement.toStatementJson()));
  const text = `this key is imported, so its key policy stays as it is; whoever owns the key has to see to it that the policy says ${wanted}`;
  if (!allowNoOp) {
    throw new Error(`${key.node.path}: ${text}`);
  }
  Annotations.of(key).addWarningV2('cdk-keysmith:importedKeyPolicy', text);
  return { statementAdded: false };
}
