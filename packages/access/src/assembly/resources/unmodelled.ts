import { inWords, isSymbolic } from '../../symbolic/text.ts';
import type { Unresolved, Value } from '../../value.ts';
import { membersOf, objectAt } from '../input/files.ts';
import { isNestedStack } from '../input/nested.ts';
import { constructPathOf } from '../input/paths.ts';
import { macroName, unreadMacros } from '../resolve/macros.ts';
import type { Scope } from '../resolve/scope.ts';
import type { Attachment } from './attachments.ts';

/** Resources that bear on who can use a key and that the model does not have. */
const TYPES: Readonly<Record<string, string>> = {
  'AWS::Serverless::Connector': 'gives permissions when it is deployed; they are not read',
  'AWS::Serverless::StateMachine': 'makes a role when it is deployed; its policies are not read',
  'AWS::CloudFormation::StackSet': 'deploys another template; it is not read',
  'AWS::CloudFormation::Macro': 'changes templates when they are deployed',
  'AWS::ServiceCatalog::CloudFormationProvisionedProduct': 'deploys another template; it is not read',
  'AWS::Organizations::Policy': 'may limit what accounts can do; it is not read, give its document as a control policy',
  'AWS::SSO::PermissionSet': 'makes roles in the accounts that it is assigned to; their policies are not read',
};

/** A module: its resources are put in its place when the template is deployed. */
const MODULE = /::MODULE$/;

/** What a stack declares and this model leaves out, so that nobody takes silence for "no access". */
export function unmodelled(scope: Scope, attachments: readonly Attachment[]): readonly string[] {
  const { stack } = scope;
  const nested = new Set(scope.stacks.flatMap(({ parent }) => (parent?.stack === stack ? [parent.logicalId] : [])));
  const resources = membersOf(stack.template['Resources']);
  const left = resources.flatMap(([logicalId, resource]) => {
    const path = constructPathOf(stack, logicalId, resource);
    const type = String(resource['Type']);
    if (logicalId.startsWith('Fn::')) return [];
    if (isNestedStack(resource) && !nested.has(logicalId)) {
      return [`${path}: the template of this nested stack is not in the assembly`];
    }
    if (MODULE.test(type)) return [`${path}: the resources of module ${type} are not read`];
    return Object.hasOwn(TYPES, type) ? [`${path}: ${TYPES[type]}`] : [];
  });
  return [...macros(scope), ...left, ...attachments.flatMap(openTargets)];
}

/** Macros that may add, change or take away anything. */
function macros({ stack: { id, template } }: Scope): readonly string[] {
  const whole = unreadMacros(template).map((name) => `${id}: macro ${name} may change anything when it is deployed`);
  const resources = objectAt(template, 'Resources');
  const added = Object.hasOwn(resources, 'Fn::Transform') ? macroName(resources['Fn::Transform']) : undefined;
  const loops = Object.keys(resources).filter((name) => name.startsWith('Fn::ForEach'));
  return [
    ...whole,
    ...(added === undefined ? [] : [`${id}: macro ${added} adds resources when it is deployed`]),
    ...loops.map(
      (name) => `${id}/${name}: what it repeats is not known before deployment, so its resources are not read`,
    ),
  ];
}

function openTargets({ policy, to }: Attachment): readonly string[] {
  return Object.values(to).flatMap((names) =>
    names
      .filter(({ value }) => isSymbolic(value) && !isOfTheApp(value))
      .map(({ value }) => `${policy.name}: to whom it is attached is not known before deployment: ${inWords(value)}`),
  );
}

/** Roles, users and groups; attributes of other things may be any name. */
const HAS_POLICIES = /^AWS::IAM::(Role|User|Group)$/;

function isOfTheApp(value: Value): boolean {
  const isOwn = (part: string | Unresolved): boolean => {
    if (typeof part === 'string') return true;
    if (part.kind === 'attribute') return part.attribute === 'Ref' && HAS_POLICIES.test(part.resourceType ?? '');
    return part.kind === 'choice' && isOfTheApp(part.whenTrue) && isOfTheApp(part.whenFalse);
  };
  return typeof value === 'string' || value.parts.every(isOwn);
}
