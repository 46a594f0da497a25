import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

/** Which envelope each variable of a function belongs to. */
const claims = new WeakMap<lambda.Function, Map<string, Construct>>();

/**
 * Marks a variable of a function as belonging to an envelope.
 *
 * @throws when another envelope of the same name has it: one of the two would silently lose its value
 */
export function claimVariable(handler: lambda.Function, variable: string, envelope: Construct): void {
  const ofFunction = claims.get(handler) ?? new Map<string, Construct>();
  claims.set(handler, ofFunction);
  const owner = ofFunction.get(variable);
  if (owner !== undefined && owner !== envelope) {
    throw new Error(
      `${envelope.node.path}: ${handler.node.path} already has the envelope ${owner.node.path} under the same name (${variable}); give one of them another envelopeName`,
    );
  }
  ofFunction.set(variable, envelope);
}
