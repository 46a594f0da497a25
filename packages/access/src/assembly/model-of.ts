import type { Assembly, StackModel } from '../model.ts';
import { concat } from '../symbolic/text.ts';
import type { Value } from '../value.ts';
import type { Stack } from './input/stack.ts';
import { definitionsOf } from './resolve/conditions.ts';
import { parametersOf } from './resolve/parameters.ts';
import { pseudoParameter } from './resolve/pseudo.ts';
import { scopesOf } from './resolve/resolver.ts';
import type { Scope } from './resolve/scope.ts';
import { type Attachment, attachmentsOf, managedPoliciesOf } from './resources/attachments.ts';
import { containersOf } from './resources/containers.ts';
import { customResourcesOf } from './resources/custom-resources.ts';
import { functionsOf } from './resources/functions.ts';
import { grantsOf } from './resources/grants.ts';
import { groupsOf, membershipsOf } from './resources/groups.ts';
import { indexed } from './resources/holdings.ts';
import { instanceProfilesOf } from './resources/instance-profiles.ts';
import { aliasesOf, finderOf, keysOf } from './resources/keys.ts';
import { principalsOf } from './resources/principals.ts';
import { resourcesOf } from './resources/resource.ts';
import { servicesOf } from './resources/services.ts';
import { suppressionsOf } from './resources/suppressions.ts';
import { unmodelled } from './resources/unmodelled.ts';
import { vpcEndpointsOf } from './resources/vpc-endpoints.ts';

/** Makes the model of stacks that were read together. */
export function modelOf(stacks: readonly Stack[], directory: string | undefined): Assembly {
  const scopeOf = scopesOf(stacks);
  const parts = stacks.map((stack) => {
    const resources = resourcesOf(scopeOf(stack));
    return { scope: scopeOf(stack), resources, attachments: attachmentsOf(resources) };
  });
  const resources = parts.flatMap((part) => part.resources);
  // Policies attach to principals of other stacks too, and aliases name keys of other stacks.
  const policies = parts.flatMap((part) => part.attachments);
  const attachments = indexed(policies, resources);
  const keys = keysOf(resources);
  const find = finderOf(keys);
  const groups = groupsOf(resources, attachments);
  const principals = principalsOf(resources, attachments, membershipsOf(resources, groups));
  const functions = functionsOf(resources, principals, directory);
  return {
    directory,
    stacks: parts.map((part) => stackOf(part.scope, part.attachments)),
    keys,
    aliases: aliasesOf(resources, find),
    grants: grantsOf(resources, find),
    principals,
    groups,
    managedPolicies: managedPoliciesOf(policies),
    instanceProfiles: instanceProfilesOf(resources, principals),
    functions,
    containers: containersOf(resources, principals),
    customResources: customResourcesOf(resources, functions),
    services: servicesOf(keys),
    vpcEndpoints: vpcEndpointsOf(resources),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    suppressions: suppressionsOf(stacks, resources),
  };
}

function stackOf(scope: Scope, attachments: readonly Attachment[]): StackModel {
  const { stack, environment } = scope;
  return {
    name: stack.id,
    constructPath: stack.constructPath,
    account: pseudoParameter('AWS::AccountId', stack, environment),
    region: pseudoParameter('AWS::Region', stack, environment),
    templateFile: stack.templateFile,
    parameters: parametersOf(stack.template),
    conditions: definitionsOf(stack.template),
    executionRoleArn: withPseudoParameters(stack.executionRoleArn, scope),
    problems: unmodelled(scope, attachments),
  };
}

/** The manifest writes `${AWS::Partition}` and the like for what it leaves open. */
function withPseudoParameters(text: string | undefined, { stack, environment }: Scope): Value | undefined {
  const pieces = text?.split(/\$\{(AWS::\w+)\}/);
  return (
    pieces &&
    concat(pieces.map((piece, index) => (index % 2 === 0 ? piece : pseudoParameter(piece, stack, environment))))
  );
}
