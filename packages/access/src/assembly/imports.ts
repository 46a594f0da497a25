import { isObject, type Json } from '../parsing/findings.ts';
import { inWords, split, unknown } from '../symbolic/text.ts';
import type { Value } from '../value.ts';
import { membersOf, objectAt } from './files.ts';
import { outputOf } from './references.ts';
import { asValue, type Scope } from './scope.ts';
import type { Stack } from './stack.ts';

/** Whether a stack can be in the given account and Region; what the app leaves open can be anywhere. */
function canBeIn(stack: Stack, account: string | undefined, region: string | undefined): boolean {
  const agree = (a: string | undefined, b: string | undefined) => a === undefined || b === undefined || a === b;
  return agree(stack.account, account) && agree(stack.region, region);
}

/** `Fn::ImportValue`: what the stack of this assembly exports that alone has an export of the name. */
export function importValue(argument: unknown, scope: Scope): Value {
  const name = asValue(scope.resolve(argument));
  if (typeof name !== 'string') return unknown('the name of the export to import is not known before deployment');
  const { account, region } = scope.stack;
  const found = scope.stacks
    .filter((stack) => canBeIn(stack, account, region))
    .flatMap((stack) => {
      const outputs = membersOf(stack.template['Outputs']);
      return outputs.flatMap(([id, output]) =>
        exportName(id, output, scope.within(stack)) === name ? [{ stack, id }] : [],
      );
    });
  const [only, another] = found;
  if (only === undefined) return unknown(`export ${JSON.stringify(name)} is not of this app`);
  if (another !== undefined) return unknown(`export ${JSON.stringify(name)} is of more than one stack of this app`);
  return outputOf(only.id, scope.within(only.stack));
}

function exportName(id: string, output: Json, scope: Scope): Value | undefined {
  const name = objectAt(output, 'Export')['Name'];
  if (typeof name === 'string' || name === undefined) return name;
  // Resolved once: names of exports that import each other must not multiply.
  return scope.once(`export name of output ${scope.stack.id} ${id}`, () => {
    return asValue(scope.resolve(name)) ?? unknown(`the export name of output ${id} is no string`);
  });
}

/** `Fn::GetStackOutput`: an output of a stack given by its name, or by its ARN when it is of another account. */
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
  const account = literal(arnAccount) ?? scope.stack.account;
  const [only, another] = scope.stacks.filter((stack) => stack.stackName === name && canBeIn(stack, account, region));
  const what = `output ${outputName} of stack ${inWords(name)}`;
  if (only === undefined) return unknown(`${what} is not of this app`);
  if (another !== undefined) return unknown(`${what} is of more than one stack of this app`);
  return outputOf(outputName, scope.within(only));
}

function literal(value: Value | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
