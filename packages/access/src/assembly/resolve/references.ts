import type { Json } from '../../parsing/findings.ts';
import { asValue, decided, type Outcome, orElse } from '../../symbolic/outcome.ts';
import { concat, partsOf, split, unknown } from '../../symbolic/text.ts';
import type { Value } from '../../value.ts';
import { objectAt, stringAt } from '../input/files.ts';
import { crossRegionExport } from './cross-region.ts';
import { ssmParameterOf } from './parameters.ts';
import { pseudoParameter } from './pseudo.ts';
import { RESOURCE_SHAPES } from './resource-shapes.ts';
import type { Scope } from './scope.ts';

/** `Ref`: a pseudo parameter, a parameter or a resource. */
export function refOf(name: string, scope: Scope): Outcome {
  if (name === 'AWS::NoValue') return undefined;
  if (name.startsWith('AWS::')) return pseudoParameter(name, scope.stack, scope.environment);
  const parameters = objectAt(scope.stack.template, 'Parameters');
  if (Object.hasOwn(parameters, name)) return parameterOf(name, objectAt(parameters, name), scope);
  return attributeOf(name, 'Ref', scope);
}

/** A parameter of a nested stack is what its parent passes, or its default; others are given at deployment, whatever it is. */
function parameterOf(name: string, json: Json, scope: Scope): Outcome {
  const ssm = ssmParameterOf(json);
  const part = { kind: 'parameter', stack: scope.stack.id, name, ...(ssm !== undefined && { ssm }) } as const;
  const open: Value = { parts: [part] };
  const { parent } = scope.stack;
  if (parent === undefined || ssm !== undefined) return open;
  const { stack, logicalId } = parent;
  const passed = objectAt(objectAt(resourceOf(stack.template, logicalId), 'Properties'), 'Parameters');
  // Nobody else can give it: what the parent does not pass is the default.
  const given = Object.hasOwn(passed, name) ? passed[name] : json['Default'];
  const value = scope.once(`parameter ${scope.stack.id} ${name}`, (free) => {
    return asValue(free.within(stack).resolve(given)) ?? open;
  });
  if (!/^(CommaDelimitedList|List<)/.test(stringAt(json, 'Type') ?? '')) return value;
  const apart = `items of list parameter ${name} of stack ${scope.stack.id} are known after deployment only`;
  return decided([value], ([list]) => split(asValue(list) ?? open, ',')?.map(trimmed) ?? unknown(apart));
}

function trimmed(value: Value): Value {
  if (typeof value === 'string') return value.trim();
  const parts = partsOf(value).map((part, index, { length }): Value => {
    if (typeof part !== 'string') return { parts: [part] };
    const text = index === 0 ? part.trimStart() : part;
    return index === length - 1 ? text.trimEnd() : text;
  });
  return concat(parts);
}

/** `Fn::GetAtt`, and `Ref` of a resource. */
export function attributeOf(logicalId: string, attribute: string, scope: Scope): Value {
  const { stack } = scope;
  const resource = resourceOf(stack.template, logicalId);
  const resourceType = stringAt(resource, 'Type');
  if (resourceType === undefined) return unknown(`${stack.id} has no resource ${logicalId}`);
  const shape = Object.hasOwn(RESOURCE_SHAPES, resourceType) ? (RESOURCE_SHAPES[resourceType] ?? {}) : {};
  const isRef = attribute === 'Ref' || shape.sameAsRef?.includes(attribute) === true;
  if (shape.arn !== undefined && (shape.refIsArn ? isRef : attribute === 'Arn')) {
    const { arn } = shape;
    // Thousands of statements name the same few resources: one value for all of them is also compared only once.
    return scope.once(`ARN ${stack.id} ${logicalId}`, (free) => {
      if (shape.refIsArn) return arnByChosenName(arn, logicalId, resource, free);
      return arnOf(arn, nameOf(logicalId, resourceType, resource, free), resource, free);
    });
  }
  if (isRef) return nameOf(logicalId, resourceType, resource, scope);
  const [head = '', ...output] = attribute.split('.');
  if (head === 'Outputs') {
    const child = scope.stacks.find(({ parent }) => parent?.stack === stack && parent.logicalId === logicalId);
    if (child !== undefined) return outputOf(output.join('.'), scope.within(child));
  }
  const read = resourceType === 'Custom::CrossRegionExportReader' ? crossRegionExport(attribute, scope) : undefined;
  return read ?? { parts: [{ kind: 'attribute', stack: stack.id, logicalId, attribute, resourceType }] };
}

/** What `Ref` gives: the name that the template chooses, or one that CloudFormation makes up. */
function nameOf(logicalId: string, resourceType: string, resource: Json, scope: Scope): Value {
  const { stack } = scope;
  const madeUp: Value = { parts: [{ kind: 'attribute', stack: stack.id, logicalId, attribute: 'Ref', resourceType }] };
  const property = RESOURCE_SHAPES[resourceType]?.name;
  const properties = objectAt(resource, 'Properties');
  if (property === undefined || !Object.hasOwn(properties, property)) return madeUp;
  return scope.once(`name ${stack.id} ${logicalId}`, (free) => {
    const value = asValue(orElse(free.resolve(properties[property]), madeUp)) ?? madeUp;
    return resourceType === 'AWS::KMS::ReplicaKey' ? (keyIdIn(value) ?? madeUp) : value;
  });
}

/** Where `Ref` is the ARN, no attribute is the name that CloudFormation makes up. */
function arnByChosenName(format: string, logicalId: string, resource: Json, scope: Scope): Value {
  const resourceType = stringAt(resource, 'Type') ?? '';
  const ref: Value = {
    parts: [{ kind: 'attribute', stack: scope.stack.id, logicalId, attribute: 'Ref', resourceType }],
  };
  const chosen = scope.resolve(objectAt(resource, 'Properties')[RESOURCE_SHAPES[resourceType]?.name ?? '']);
  const named = (name: Outcome) => {
    const text = asValue(name);
    return text === undefined ? ref : arnOf(format, text, resource, scope);
  };
  return asValue(asValue(chosen) === undefined ? decided([chosen], ([name]) => named(name)) : named(chosen)) ?? ref;
}

/** The last component of a key ARN; undefined: it is not known to be one. */
export function keyIdIn(arn: Value): Value | undefined {
  const components = split(arn, ':');
  const [prefix, id, more] = (components?.length === 6 ? split(components[5] ?? '', '/') : undefined) ?? [];
  return prefix === 'key' && more === undefined ? id : undefined;
}

/** The value of an output of the scope's stack. */
export function outputOf(name: string, scope: Scope): Value {
  const output = objectAt(objectAt(scope.stack.template, 'Outputs'), name);
  if (!Object.hasOwn(output, 'Value')) return unknown(`${scope.stack.id} has no output ${name}`);
  return scope.once(`output ${scope.stack.id} ${name}`, (free) => {
    return asValue(free.resolve(output['Value'])) ?? unknown(`output ${name} of ${scope.stack.id} is no string`);
  });
}

function arnOf(format: string, name: Value, resource: Json, scope: Scope): Value {
  return concat(
    format.split(/<(\w+)>/).map((piece, index): Value => {
      if (index % 2 === 0) return piece;
      if (piece === 'Name') return name;
      if (piece === 'Path') return asValue(orElse(scope.resolve(objectAt(resource, 'Properties')['Path']), '/')) ?? '/';
      return pseudoParameter(`AWS::${piece}`, scope.stack, scope.environment);
    }),
  );
}

export function resourceOf(template: Json, logicalId: string): Json {
  return objectAt(objectAt(template, 'Resources'), logicalId);
}
