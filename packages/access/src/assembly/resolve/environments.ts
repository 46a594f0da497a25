import { isObject } from '../../parsing/findings.ts';
import { membersOf, objectAt } from '../input/files.ts';
import { type Stack, topOf } from '../input/stack.ts';

/**
 * Names the environment of every stack whose environment the app leaves open. Stacks that certainly share one have the
 * same name: CloudFormation exports, and outputs read by stack name alone, do not leave an account and Region.
 */
export function environmentsOf(stacks: readonly Stack[]): ReadonlyMap<Stack, string> {
  const tops = stacks.filter((stack) => stack.parent === undefined);
  const order = new Map(tops.map((stack, index) => [stack, index]));
  const leader = new Map<Stack, Stack>(tops.map((stack) => [stack, stack]));
  const find = (stack: Stack): Stack => {
    let at = stack;
    for (let next = leader.get(at); next !== undefined && next !== at; next = leader.get(at)) at = next;
    return at;
  };
  const exporters = producers(stacks);
  for (const consumer of stacks) {
    for (const name of importsOf(consumer.template)) {
      const [producer, another] = exporters.get(name) ?? [];
      if (producer === undefined || another !== undefined) continue;
      const [a, b] = [find(topOf(producer)), find(topOf(consumer))];
      // The first stack in the manifest leads, so that names do not hinge on the order of the links.
      const [first, second] = (order.get(a) ?? 0) <= (order.get(b) ?? 0) ? [a, b] : [b, a];
      leader.set(second, first);
    }
  }
  return new Map(stacks.map((stack) => [stack, find(topOf(stack)).id]));
}

const EXPORT = 'export ';
const OUTPUTS_OF = 'outputs of ';

/** Stacks by what others can import from them. */
function producers(stacks: readonly Stack[]): ReadonlyMap<string, readonly Stack[]> {
  const found = new Map<string, Stack[]>();
  const add = (name: string, stack: Stack) => {
    const others = found.get(name);
    if (others === undefined) found.set(name, [stack]);
    else others.push(stack);
  };
  for (const stack of stacks) {
    if (stack.stackName !== undefined) add(OUTPUTS_OF + stack.stackName, stack);
    for (const [, output] of membersOf(stack.template['Outputs'])) {
      const name = objectAt(output, 'Export')['Name'];
      if (typeof name === 'string') add(EXPORT + name, stack);
    }
  }
  return found;
}

/** What a template imports, as far as it is written literally. Iterative: templates nest as deep as they like. */
function importsOf(template: unknown): readonly string[] {
  const found: string[] = [];
  const waiting: unknown[] = [template];
  while (waiting.length > 0) {
    const node = waiting.pop();
    if (Array.isArray(node)) for (const item of node) waiting.push(item);
    if (!isObject(node)) continue;
    const name = node['Fn::ImportValue'];
    if (typeof name === 'string') found.push(EXPORT + name);
    const output = node['Fn::GetStackOutput'];
    if (isObject(output) && output['Region'] === undefined && output['RoleArn'] === undefined) {
      const stackName = output['StackName'];
      if (typeof stackName === 'string') found.push(OUTPUTS_OF + stackName);
    }
    for (const member of Object.values(node)) waiting.push(member);
  }
  return found;
}
