import type { CustomResourceModel, FunctionModel } from '../../model.ts';
import { ValueIndex } from '../../symbolic/index-by-value.ts';
import { located, type Resource, valueAt } from './resource.ts';

/** Variables by which the functions of CDK's provider framework are told which functions to call. */
const CALLS = ['USER_ON_EVENT_FUNCTION_ARN', 'USER_IS_COMPLETE_FUNCTION_ARN'];

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources.html */
export function customResourcesOf(
  resources: readonly Resource[],
  functions: readonly FunctionModel[],
): readonly CustomResourceModel[] {
  const byArn = new ValueIndex(functions.map((fn) => [fn.arn, fn]));
  return resources.filter(isCustom).map((resource) => {
    const serviceToken = valueAt(resource, 'ServiceToken') ?? '';
    const first = byArn.all(serviceToken);
    const called = first.flatMap(({ environment }) => CALLS.flatMap((name) => byArn.all(environment[name] ?? '')));
    return { ...located(resource), type: resource.type, serviceToken, functions: [...new Set([...first, ...called])] };
  });
}

function isCustom({ type }: Resource): boolean {
  return type === 'AWS::CloudFormation::CustomResource' || type.startsWith('Custom::');
}
