import { CrossStackReferences, ReferenceStrength, Stack, Stage } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { topLevel } from './related-key';

/** Characters of the name of a stack. */
const MAX_NAME = 128;

const made = new WeakSet<Stack>();

/**
 * The stack of one Region for all replicas of the keys of a stack: a sibling of that stack, with references that need no
 * custom resource (`Fn::GetStackOutput`). Its synthesizer is that of the app (`defaultStackSynthesizer`): a synthesizer
 * serves one stack only.
 *
 * @throws when the application has something else under the id of the stack
 */
export function replicaStack(primary: IConstruct, region: string): Stack {
  const stack = topLevel(Stack.of(primary));
  const stage = Stage.of(stack) ?? stack.node.root;
  const ids = stack.node.path.slice(stage.node.path === '' ? 0 : stage.node.path.length + 1);
  const id = `${ids.split('/').join('-')}-replicas-${region}`;
  const existing = stage.node.tryFindChild(id);
  if (existing instanceof Stack && made.has(existing)) {
    return existing;
  }
  if (existing !== undefined) {
    throw new Error(
      `${primary.node.path}: the stack for replicas in ${region} would be ${existing.node.path}, which is something else; give that another id`,
    );
  }
  const stackName = `${stack.stackName}-replicas-${region}`;
  const created = new Stack(stage as Stage, id, {
    env: { account: stack.account, region },
    stackName: stackName.length > MAX_NAME ? undefined : stackName,
    description: `Replica keys in ${region} of the stack ${stack.stackName}`,
    terminationProtection: stack.terminationProtection,
    tags: stack.tags.tagValues(),
    // Roles of the primary's stack that have no fixed name can then stand in the policies of the replicas.
    crossRegionReferences: true,
  });
  CrossStackReferences.of(created).consume(ReferenceStrength.WEAK);
  made.add(created);
  return created;
}
