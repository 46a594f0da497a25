import { isObject, type Json } from '../../parsing/findings.ts';
import { membersOf, objectAt, stringAt } from './files.ts';
import type { Position, Template } from './json-text.ts';
import { policiesOfFunction } from './serverless-policies.ts';

const FUNCTION = 'AWS::Serverless::Function';

/**
 * The template with the functions of the Serverless Application Model as what deployment makes of them: a Lambda
 * function, and a role where the author names none.
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html
 */
export function withoutServerless(template: Template): Template {
  const { json, positions } = template;
  const resources = objectAt(json, 'Resources');
  if (!membersOf(resources).some(([, { Type: type }]) => type === FUNCTION)) return template;
  const made: Record<string, unknown> = Object.create(null);
  const places = new Map<string, Position>(positions);
  for (const [logicalId, resource] of Object.entries(resources)) {
    if (!isObject(resource) || resource['Type'] !== FUNCTION) {
      made[logicalId] = resource;
      continue;
    }
    const properties = withGlobals(objectAt(resource, 'Properties'), objectAt(objectAt(json, 'Globals'), 'Function'));
    const ownRole = Object.hasOwn(properties, 'Role') ? properties['Role'] : undefined;
    const roleId = `${logicalId}Role`;
    const role = ownRole ?? { 'Fn::GetAtt': [roleId, 'Arn'] };
    made[logicalId] = { ...resource, Type: 'AWS::Lambda::Function', Properties: { ...properties, Role: role } };
    if (ownRole !== undefined) continue;
    const { Condition: condition } = resource;
    made[roleId] = {
      Type: 'AWS::IAM::Role',
      Properties: roleOf(logicalId, properties),
      ...(condition !== undefined && { Condition: condition }),
    };
    const place = positions.get(logicalId);
    if (place !== undefined) places.set(roleId, place);
  }
  return { json: { ...json, Resources: made }, positions: places };
}

/** Lists are appended to those of the globals, maps are merged, and everything else replaces. */
function withGlobals(own: Json, globals: Json): Json {
  const merged: Record<string, unknown> = { ...globals, ...own };
  for (const name of Object.keys(globals)) {
    if (!Object.hasOwn(own, name)) continue;
    const [ours, theirs] = [own[name], globals[name]];
    if (Array.isArray(ours) && Array.isArray(theirs)) merged[name] = [...theirs, ...ours];
    else if (isObject(ours) && isObject(theirs) && !isIntrinsic(ours)) merged[name] = withGlobals(ours, theirs);
  }
  return merged;
}

function isIntrinsic(json: Json): boolean {
  const [name = '', another] = Object.keys(json);
  return another === undefined && (name === 'Ref' || name.startsWith('Fn::'));
}

const LAMBDA = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
};

function roleOf(logicalId: string, properties: Json): Json {
  const { inline, managed } = policiesOfFunction(properties);
  const boundary = properties['PermissionsBoundary'];
  const path = stringAt(properties, 'RolePath');
  return {
    AssumeRolePolicyDocument: properties['AssumeRolePolicyDocument'] ?? LAMBDA,
    ManagedPolicyArns: managed,
    Policies: inline.map((document, index) => policyOf(document, `${logicalId}RolePolicy${index}`)),
    ...(boundary !== undefined && { PermissionsBoundary: boundary }),
    ...(path !== undefined && { Path: path }),
  };
}

function policyOf(document: unknown, name: string): unknown {
  const [condition, ...branches] =
    (isObject(document) && Array.isArray(document['Fn::If']) && document['Fn::If']) || [];
  if (branches.length > 0) return { 'Fn::If': [condition, ...branches.map((branch) => policyOf(branch, name))] };
  return isObject(document) && document['Ref'] !== undefined
    ? document
    : { PolicyName: name, PolicyDocument: document };
}
