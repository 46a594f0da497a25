import { Annotations, Stack, Token } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { having, requireKind } from '../private/shape';
import { hasFipsEndpoint } from './fips-regions';

/** The variable by which every AWS SDK chooses FIPS endpoints. */
const USE_FIPS = 'AWS_USE_FIPS_ENDPOINT';

/** Makes the SDK in a function call the FIPS endpoints of all AWS services that it uses. */
export function useFips(handler: lambda.Function): void {
  requireKind('KmsEndpoint.useFipsEndpoint', 'handler', handler, having('a function', 'addEnvironment'));
  const [problem] = fipsProblems(handler);
  if (problem !== undefined) {
    throw new Error(`${handler.node.path}: ${problem}`);
  }
  handler.addEnvironment(USE_FIPS, 'true');
}

/** Why there is no FIPS endpoint; a Region of which nothing is known gets a warning. */
export function fipsProblems(scope: IConstruct): string[] {
  const { region } = Stack.of(scope);
  if (Token.isUnresolved(region)) {
    return [];
  }
  const known = hasFipsEndpoint(region);
  if (known === undefined) {
    Annotations.of(scope).addWarningV2(
      'cdk-keysmith:fipsUnknown',
      `nothing is known here about a FIPS endpoint of KMS in ${region}; see https://docs.aws.amazon.com/general/latest/gr/kms.html`,
    );
  }
  return known === false
    ? [`KMS has no FIPS endpoint in ${region}; leave FIPS out, or use a Region that has one, for instance us-east-1`]
    : [];
}
