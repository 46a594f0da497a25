import { inWords, isSymbolic } from '../symbolic/text.ts';
import type { Unresolved } from '../value.ts';
import { attachmentsOf } from './attachments.ts';
import { membersOf } from './files.ts';
import { constructPathOf } from './paths.ts';
import type { Scope } from './scope.ts';

/** Resources that bear on who can use a key and that the model does not have. */
const TYPES: Readonly<Record<string, string>> = {
  'AWS::KMS::ReplicaKey': 'replica keys are not read; its own key policy decides about it',
  'AWS::IAM::UserToGroupAddition': 'groups are not read; what they allow their users is unknown',
};

/** What a stack declares and this model leaves out, so that nobody takes silence for "no access". */
export function unmodelled(scope: Scope): readonly string[] {
  const { stack } = scope;
  const left = membersOf(stack.template['Resources']).flatMap(([logicalId, resource]) => {
    const path = constructPathOf(stack, logicalId, resource);
    const note = TYPES[String(resource['Type'])];
    const isNested = resource['Type'] === 'AWS::CloudFormation::Stack';
    const isRead = scope.stacks.some(({ parent }) => parent?.stack === stack && parent.logicalId === logicalId);
    if (isNested && !isRead) return [`${path}: the template of this nested stack is not in the assembly`];
    return note === undefined ? [] : [`${path}: ${note}`];
  });
  const open = attachmentsOf(scope).flatMap(({ policy, roles, users }) => {
    return [...roles, ...users]
      .filter((name) => isSymbolic(name) && !name.parts.every(isOfTheApp))
      .map((name) => `${policy.name}: to whom it is attached is not known before deployment: ${inWords(name)}`);
  });
  return [...left, ...open];
}

function isOfTheApp(part: string | Unresolved): boolean {
  return typeof part === 'string' || part.kind === 'attribute';
}
