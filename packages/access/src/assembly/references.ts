import { isObject, type Json } from '../parsing/findings.ts';
import { concat, unknown } from '../symbolic/text.ts';
import type { Value } from '../value.ts';
import { objectAt, stringAt } from './files.ts';
import { pseudoParameter } from './pseudo.ts';
import { RESOURCE_SHAPES } from './resources.ts';
import { asValue, type Outcome, type Scope } from './scope.ts';

/** `Ref`: a pseudo parameter, a parameter or a resource. */
export function refOf(name: string, scope: Scope): Outcome {
  if (name === 'AWS::NoValue') return undefined;
  if (name.startsWith('AWS::')) return pseudoParameter(name, scope.stack, scope.environment);
  if (isObject(objectAt(scope.stack.template, 'Parameters')[name])) return parameterOf(name, scope);
  return attributeOf(name, 'Ref', scope);
}

/** A parameter of a nested stack is what its parent passes; others are given at deployment, whatever their default. */
function parameterOf(name: string, scope: Scope): Value {
  const open: Value = { parts: [{ kind: 'parameter', stack: scope.stack.id, name }] };
  const { parent } = scope.stack;
  if (parent === undefined) return open;
  const { stack, logicalId } = parent;
  const passed = objectAt(objectAt(resourceOf(stack.template, logicalId), 'Properties'), 'Parameters')[name];
  if (passed === undefined) return open;
  return scope.once(`parameter ${scope.stack.id} ${name}`, () => asValue(scope.within(stack).resolve(passed)) ?? open);
}

/** `Fn::GetAtt`, and `Ref` of a resource. */
export function attributeOf(logicalId: string, attribute: string, scope: Scope): Value {
  const { stack } = scope;
  const resource = resourceOf(stack.template, logicalId);
  const resourceType = stringAt(resource, 'Type');
  if (resourceType === undefined) return unknown(`${stack.id} has no resource ${logicalId}`);
  const shape = RESOURCE_SHAPES[resourceType] ?? {};
  if (shape.arn !== undefined && attribute === 'Arn') return arnOf(shape.arn, logicalId, resource, scope);
  if (attribute === 'Ref' || shape.sameAsRef?.includes(attribute)) {
    const name = shape.name === undefined ? undefined : objectAt(resource, 'Properties')[shape.name];
    const chosen: Value = {
      parts: [{ kind: 'attribute', stack: stack.id, logicalId, attribute: 'Ref', resourceType }],
    };
    if (name === undefined) return chosen;
    return scope.once(`name ${stack.id} ${logicalId}`, () => asValue(scope.resolve(name)) ?? chosen);
  }
  const [head = '', ...output] = attribute.split('.');
  if (resourceType === 'AWS::CloudFormation::Stack' && head === 'Outputs') {
    const child = scope.stacks.find(({ parent }) => parent?.stack === stack && parent.logicalId === logicalId);
    if (child !== undefined) return outputOf(output.join('.'), scope.within(child));
  }
  return { parts: [{ kind: 'attribute', stack: stack.id, logicalId, attribute, resourceType }] };
}

/** The value of an output of the scope's stack. */
export function outputOf(name: string, scope: Scope): Value {
  const output = objectAt(scope.stack.template, 'Outputs')[name];
  if (!isObject(output)) return unknown(`${scope.stack.id} has no output ${name}`);
  return scope.once(`output ${scope.stack.id} ${name}`, () => {
    return asValue(scope.resolve(output['Value'])) ?? unknown(`output ${name} of ${scope.stack.id} is no string`);
  });
}

function arnOf(format: string, logicalId: string, resource: Json, scope: Scope): Value {
  return concat(
    format.split(/<(\w+)>/).map((piece, index): Value => {
      if (index % 2 === 0) return piece;
      if (piece === 'Name') return attributeOf(logicalId, 'Ref', scope);
      if (piece === 'Path') return asValue(scope.resolve(objectAt(resource, 'Properties')['Path'])) ?? '/';
      return pseudoParameter(`AWS::${piece}`, scope.stack, scope.environment);
    }),
  );
}

function resourceOf(template: Json, logicalId: string): Json {
  const resources = objectAt(template, 'Resources');
  return Object.hasOwn(resources, logicalId) ? objectAt(resources, logicalId) : {};
}
