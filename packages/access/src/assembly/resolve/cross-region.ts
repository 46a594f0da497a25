import type { Json } from '../../parsing/findings.ts';
import { asValue } from '../../symbolic/outcome.ts';
import { unknown } from '../../symbolic/text.ts';
import type { Value } from '../../value.ts';
import { membersOf, objectAt, stringAt } from '../input/files.ts';
import { canBeIn, type Stack } from '../input/stack.ts';
import type { Scope } from './scope.ts';

/**
 * CDK's strong references between Regions: the writer of one stack exports under a name what the reader of another reads.
 * The names have that of the reading stack in them, which stacks of two accounts may share; no reference leaves its account.
 */
export function crossRegionExport(name: string, scope: Scope): Value | undefined {
  const { account, region } = scope.stack;
  const writers = scope.stacks
    .filter((stack) => canBeIn(stack, account, undefined))
    .flatMap((stack) => exportsTo(region, stack).map((exported) => ({ stack, exported })))
    .filter(({ exported }) => Object.hasOwn(exported, name));
  const [only, another] = writers;
  if (only === undefined) return undefined;
  if (another !== undefined) return unknown(`cross-Region export ${name} is of more than one stack of this app`);
  const { stack, exported } = only;
  return scope.once(`cross-Region export ${stack.id} ${name}`, (free) => {
    return asValue(free.within(stack).resolve(exported[name])) ?? unknown(`cross-Region export ${name} is no string`);
  });
}

/** What the writers of a stack export to a Region, by name. */
function exportsTo(region: string | undefined, { template }: Stack): readonly Json[] {
  const writers = membersOf(template['Resources']).filter(
    ([, { Type: type }]) => type === 'Custom::CrossRegionExportWriter',
  );
  return writers.flatMap(([, writer]) => {
    const props = objectAt(objectAt(writer, 'Properties'), 'WriterProps');
    const to = stringAt(props, 'region');
    return region === undefined || to === undefined || to === region ? [objectAt(props, 'exports')] : [];
  });
}
