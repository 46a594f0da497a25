import { asValue, choose, type Outcome } from '../../symbolic/outcome.ts';
import { unknown } from '../../symbolic/text.ts';
import { conditionIn } from './conditions.ts';
import { getStackOutput, importValue } from './imports.ts';
import { length, select, splitText } from './lists.ts';
import { macroName } from './macros.ts';
import { findInMap } from './mappings.ts';
import { attributeOf, refOf } from './references.ts';
import type { Scope } from './scope.ts';
import { base64, join, sub, toJsonString } from './strings.ts';

type Intrinsic = (argument: unknown, scope: Scope) => Outcome;

/** What decides about functions whose result is not followed. */
const NOT_FOLLOWED: Readonly<Record<string, string>> = {
  'Fn::GetAZs': 'the Availability Zones of an account are known to AWS only',
  'Fn::Cidr': 'address ranges are not computed, since no key is found by one',
  'Fn::RefAll': 'it is for rules of a template only',
  'Fn::ValueOf': 'it is for rules of a template only',
  'Fn::ValueOfAll': 'it is for rules of a template only',
  'Fn::Contains': 'it is for rules of a template only',
  'Fn::EachMemberEquals': 'it is for rules of a template only',
  'Fn::EachMemberIn': 'it is for rules of a template only',
  'Fn::Equals': 'it is for conditions only',
  'Fn::And': 'it is for conditions only',
  'Fn::Or': 'it is for conditions only',
  'Fn::Not': 'it is for conditions only',
};

/**
 * Intrinsic functions that can be followed before deployment; any other one is unknown, with its name.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
const INTRINSICS: ReadonlyMap<string, Intrinsic> = new Map<string, Intrinsic>([
  ['Ref', (name, scope) => (typeof name === 'string' ? refOf(name, scope) : refOfComputed(name, scope))],
  ['Fn::GetAtt', getAtt],
  ['Fn::Join', join],
  ['Fn::Sub', sub],
  ['Fn::Select', select],
  ['Fn::Split', splitText],
  ['Fn::Length', length],
  ['Fn::If', either],
  ['Fn::FindInMap', findInMap],
  ['Fn::ImportValue', importValue],
  ['Fn::GetStackOutput', getStackOutput],
  ['Fn::Base64', base64],
  ['Fn::ToJsonString', toJsonString],
  ['Fn::Transform', (argument) => unknown(`macro ${macroName(argument)} makes this at deployment`)],
]);

/** Resolves `{"Fn::…": …}`; undefined: the object is no intrinsic function. */
export function intrinsicOf(json: Readonly<Record<string, unknown>>): { run: (scope: Scope) => Outcome } | undefined {
  const [name, another] = Object.keys(json);
  if (name === undefined || another !== undefined || !(name === 'Ref' || name.startsWith('Fn::'))) return undefined;
  const intrinsic = INTRINSICS.get(name);
  if (intrinsic !== undefined) return { run: (scope) => intrinsic(json[name], scope) };
  const why = Object.hasOwn(NOT_FOLLOWED, name) ? `: ${NOT_FOLLOWED[name]}` : '';
  return { run: () => unknown(`${name} is not followed${why}`) };
}

/** `AWS::LanguageExtensions` lets names be computed. */
function refOfComputed(argument: unknown, scope: Scope): Outcome {
  const name = asValue(scope.resolve(argument));
  return typeof name === 'string' ? refOf(name, scope) : unknown('Ref of a name that is not known');
}

function getAtt(argument: unknown, scope: Scope): Outcome {
  const [first, ...rest] = Array.isArray(argument) ? argument : String(argument).split('.');
  const [logicalId, ...names] = [first, ...rest].map((name) => asValue(scope.resolve(name)));
  const texts = names.filter((name) => typeof name === 'string');
  if (typeof logicalId !== 'string' || texts.length === 0 || texts.length < names.length) {
    return unknown('Fn::GetAtt of an unknown name');
  }
  return attributeOf(logicalId, texts.join('.'), scope);
}

/** Where the condition is not decided both branches are kept, each resolved as if the condition were decided for it. */
function either(argument: unknown, scope: Scope): Outcome {
  const [name, whenTrue, whenFalse] = Array.isArray(argument) ? argument : [];
  if (typeof name !== 'string') return unknown('Fn::If without the name of a condition');
  const condition = conditionIn(scope, name);
  if (typeof condition === 'boolean') return scope.resolve(condition ? whenTrue : whenFalse);
  // Where another condition is the same or the opposite, the choice is named by that one.
  const [yes, no] = condition.is ? [whenTrue, whenFalse] : [whenFalse, whenTrue];
  const under = (json: unknown, is: boolean) => scope.assume({ ...condition, is }).resolve(json);
  return choose(condition, under(yes, true), under(no, false));
}
