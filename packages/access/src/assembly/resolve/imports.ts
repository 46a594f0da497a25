import { isObject, type Json } from '../../parsing/findings.ts';
import { asValue } from '../../symbolic/outcome.ts';
import { inWords, split, unknown } from '../../symbolic/text.ts';
import type { Value } from '../../value.ts';
import { membersOf, objectAt } from '../input/files.ts';
import { canBeIn, type Stack } from '../input/stack.ts';
import { outputOf } from './references.ts';
import type { Scope } from './scope.ts';

interface Output {
  readonly stack: Stack;
  readonly id: string;
}

/** Outputs by the names under which they are exported, found once for everything that is read together. */
const EXPORTS = new WeakMap<readonly Stack[], ReadonlyMap<string, readonly Output[]>>();

function exportsOf(scope: Scope): ReadonlyMap<string, readonly Output[]> {
  const known = EXPORTS.get(scope.stacks);
  if (known !== undefined) return known;
  const found = new Map<string, Output[]>();
  // While they are found out there are none: names of exports do not hinge on each other.
  EXPORTS.set(scope.stacks, found);
  for (const stack of scope.stacks) {
    for (const [id, output] of membersOf(stack.template['Outputs'])) {
      const name = exportName(id, output, scope.within(stack));
      if (typeof name !== 'string') continue;
      const others = found.get(name);
      if (others === undefined) found.set(name, [{ stack, id }]);
      else others.push({ stack, id });
    }
  }
  return found;
}

/** `Fn::ImportValue`: what the stack of this assembly exports that alone has an export of the name. */
export function importValue(argument: unknown, scope: Scope): Value {
  const name = asValue(scope.resolve(argument));
  if (typeof name !== 'string') return unknown('the name of the export to import is not known before deployment');
  const { account, region } = scope.stack;
  const found = (exportsOf(scope).get(name) ?? []).filter(({ stack }) => canBeIn(stack, account, region));
  const [only, another] = found;
  if (only === undefined) return unknown(`export ${JSON.stringify(name)} is not of this app`);
  if (another !== undefined) return unknown(`export ${JSON.stringify(name)} is of more than one stack of this app`);
  return outputOf(only.id, scope.within(only.stack));
}

function exportName(id: string, output: Json, scope: Scope): Value | undefined {
  const name = objectAt(output, 'Export')['Name'];
  if (typeof name === 'string' || name === undefined) return name;
  return scope.once(`export name of output ${scope.stack.id} ${id}`, (free) => {
    return asValue(free.resolve(name)) ?? unknown(`the export name of output ${id} is no string`);
  });
}

/** `Fn::GetStackOutput`: an output of a stack given by its name or ARN; the role that reads it tells the account too. */
export function getStackOutput(argument: unknown, scope: Scope): Value {
  if (!isObject(argument)) return unknown('Fn::GetStackOutput without StackName and OutputName');
  const stackName = asValue(scope.resolve(argument['StackName']));
  const outputName = asValue(scope.resolve(argument['OutputName']));
  if (stackName === undefined || typeof outputName !== 'string') {
    return unknown('the stack output to read is not known before deployment');
  }
  const arn = split(stackName, ':') ?? [];
  const [, , , arnRegion, arnAccount, resource = ''] = arn.length === 6 ? arn : [];
  const [, name = stackName] = split(resource, '/') ?? [];
  const region = literal(asValue(scope.resolve(argument['Region']))) ?? literal(arnRegion) ?? scope.stack.region;
  // A stack of another account is read by a role of that account.
  const [, , , , roleAccount] = split(asValue(scope.resolve(argument['RoleArn'])) ?? '', ':') ?? [];
  const account = literal(arnAccount) ?? literal(roleAccount) ?? scope.stack.account;
  const [only, another] = scope.stacks.filter((stack) => stack.stackName === name && canBeIn(stack, account, region));
  const what = `output ${outputName} of stack ${inWords(name)}`;
  if (only === undefined) return unknown(`${what} is not of this app`);
  if (another !== undefined) return unknown(`${what} is of more than one stack of this app`);
  return outputOf(outputName, scope.within(only));
}

function literal(value: Value | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
