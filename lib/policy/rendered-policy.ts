import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/** The account of whatever stack it stands in. One for all keys, so that it can be told from what has to be resolved. */
export const ACCOUNT_ROOT = new iam.AccountRootPrincipal();

/** How tokens look in JSON: strings, lists, numbers, and objects that resolve themselves. */
const TOKENS = /\$\{Token\[|#\{Token\[|<unresolved-|-1\.8+\d*e\+?289/;

/**
 * A key policy as the template will have it; what is known at deployment only is an object or a token.
 *
 * In most there is nothing to resolve but the account, and to resolve one takes as long as to check it ten times: those
 * are taken as they are.
 */
export function renderedPolicy(scope: IConstruct, policy: iam.PolicyDocument): unknown {
  const json: unknown = policy.toJSON();
  const text = (JSON.stringify(json) ?? '').replaceAll(ACCOUNT_ROOT.arn, '');
  return TOKENS.test(text) ? Stack.of(scope).resolve(policy) : json;
}
