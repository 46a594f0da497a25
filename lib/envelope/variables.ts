import { Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { problems } from '../private/rules';

/** Which envelope each variable of a function belongs to. */
const claims = new WeakMap<IConstruct, Map<string, IConstruct>>();

/**
 * Marks a variable of a function as belonging to an envelope.
 *
 * @throws when another envelope of the same name has it: one of the two would silently lose its value
 */
export function claimVariable(handler: IConstruct, variable: string, envelope: IConstruct): void {
  const ofFunction = claims.get(handler) ?? new Map<string, IConstruct>();
  claims.set(handler, ofFunction);
  const owner = ofFunction.get(variable);
  if (owner !== undefined && owner !== envelope) {
    throw new Error(
      `${envelope.node.path}: ${handler.node.path} already has the envelope ${owner.node.path} under the same name (${variable}); give one of them another envelopeName`,
    );
  }
  ofFunction.set(variable, envelope);
}

/** The environment of a function as the template will have it; nothing where another construct than the function has it. */
export function variablesOf(handler: IConstruct): Readonly<Record<string, unknown>> {
  const resource = handler.node.defaultChild;
  const { variables = {} } = (
    resource instanceof lambda.CfnFunction ? (Stack.of(handler).resolve(resource.environment) ?? {}) : {}
  ) as { variables?: Record<string, unknown> };
  return variables;
}

/** Whether somebody has written another value into the variable since: the helper would read that one. */
export function overwrittenProblems(handler: IConstruct, variable: string, value: string): string[] {
  const { [variable]: there } = variablesOf(handler);
  const own: unknown = Stack.of(handler).resolve(value);
  return problems([
    {
      when: there !== undefined && JSON.stringify(there) !== JSON.stringify(own),
      message: `the variable ${variable} of ${handler.node.path} has another value than that of this envelope, which was written over it; leave that variable to the envelope`,
    },
  ]);
}
