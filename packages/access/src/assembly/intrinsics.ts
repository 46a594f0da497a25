import { isObject } from '../parsing/findings.ts';
import { concat, isSymbolic, split, unknown } from '../symbolic/text.ts';
import type { Value } from '../value.ts';
import { objectAt } from './files.ts';
import { getStackOutput, importValue } from './imports.ts';
import { attributeOf, refOf } from './references.ts';
import { asValue, bounded, isList, type Outcome, type Scope } from './scope.ts';

type Intrinsic = (argument: unknown, scope: Scope) => Outcome;

/**
 * Intrinsic functions that can be followed before deployment; any other one is unknown.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
const INTRINSICS: ReadonlyMap<string, Intrinsic> = new Map<string, Intrinsic>([
  ['Ref', (name, scope) => (typeof name === 'string' ? refOf(name, scope) : unknown('Ref without a name'))],
  ['Fn::GetAtt', getAtt],
  ['Fn::Join', join],
  ['Fn::Sub', sub],
  ['Fn::Select', select],
  ['Fn::Split', splitText],
  ['Fn::If', either],
  ['Fn::FindInMap', findInMap],
  ['Fn::ImportValue', importValue],
  ['Fn::GetStackOutput', getStackOutput],
]);

/** Resolves `{"Fn::…": …}`; undefined as `intrinsic`: the object is no intrinsic function. */
export function intrinsicOf(json: Readonly<Record<string, unknown>>): { run: (scope: Scope) => Outcome } | undefined {
  const [name, another] = Object.keys(json);
  if (name === undefined || another !== undefined || !(name === 'Ref' || name.startsWith('Fn::'))) return undefined;
  const intrinsic = INTRINSICS.get(name) ?? (() => unknown(`${name} is not followed`));
  return { run: (scope) => intrinsic(json[name], scope) };
}

function getAtt(argument: unknown, scope: Scope): Outcome {
  const [logicalId, ...rest] = Array.isArray(argument) ? argument : String(argument).split('.');
  const attribute = asValue(scope.resolve(rest.length === 1 ? rest[0] : rest.join('.')));
  if (typeof logicalId !== 'string' || typeof attribute !== 'string') return unknown('Fn::GetAtt of an unknown name');
  return attributeOf(logicalId, attribute, scope);
}

function join(argument: unknown, scope: Scope): Outcome {
  const [delimiter, list] = Array.isArray(argument) ? argument : [];
  const items = scope.resolve(list);
  if (typeof delimiter !== 'string' || !isList(items)) return unknown('Fn::Join of a list that is not known');
  const values = items.map((item) => asValue(item) ?? unknown('Fn::Join of something that is no string'));
  return bounded(concat(values.flatMap((value, index) => (index === 0 ? [value] : [delimiter, value]))));
}

function sub(argument: unknown, scope: Scope): Outcome {
  const [template, variables] = Array.isArray(argument) ? argument : [argument];
  if (typeof template !== 'string') return unknown('Fn::Sub without a text');
  const own = isObject(variables) ? variables : {};
  const pieces = template.split(/\$\{([^{}]*)\}/).map((piece, index): Value => {
    if (index % 2 === 0) return piece;
    // `${!Name}` is the text `${Name}`: so IAM's variables pass through CloudFormation.
    if (piece.startsWith('!')) return `\${${piece.slice(1)}}`;
    const name = piece.trim();
    const [logicalId = '', ...attribute] = name.split('.');
    const outcome = Object.hasOwn(own, name)
      ? scope.resolve(own[name])
      : attribute.length > 0
        ? attributeOf(logicalId, attribute.join('.'), scope)
        : refOf(name, scope);
    return asValue(outcome) ?? unknown(`Fn::Sub of ${name}, which is no string`);
  });
  return bounded(concat(pieces));
}

function select(argument: unknown, scope: Scope): Outcome {
  const [position, list] = Array.isArray(argument) ? argument : [];
  const index = Number(asValue(scope.resolve(position)) ?? Number.NaN);
  const items = scope.resolve(list);
  if (!isList(items) || !Number.isInteger(index)) {
    return isSymbolic(items) ? items : unknown('Fn::Select from a list that is not known');
  }
  return items[index] ?? unknown(`Fn::Select of item ${index} of ${items.length}`);
}

function splitText(argument: unknown, scope: Scope): Outcome {
  const [delimiter, text] = Array.isArray(argument) ? argument : [];
  const value = asValue(scope.resolve(text));
  if (typeof delimiter !== 'string' || delimiter === '' || value === undefined)
    return unknown('Fn::Split of no string');
  if (typeof value === 'string') return value.split(delimiter);
  const pieces = delimiter.length === 1 ? split(value, delimiter) : undefined;
  return pieces ?? unknown('Fn::Split of a string that is not known before deployment');
}

/** Conditions are decided at deployment; they do not matter where both branches are the same. */
function either(argument: unknown, scope: Scope): Outcome {
  const [condition, whenTrue, whenFalse] = Array.isArray(argument) ? argument : [];
  const [yes, no] = [scope.resolve(whenTrue), scope.resolve(whenFalse)];
  if (JSON.stringify(yes) === JSON.stringify(no)) return yes;
  return unknown(`condition ${String(condition)} of stack ${scope.stack.id} is decided at deployment`);
}

function findInMap(argument: unknown, scope: Scope): Outcome {
  const [map, first, second, options] = Array.isArray(argument) ? argument : [];
  const keys = [map, first, second].map((key) => asValue(scope.resolve(key)));
  const [mapName, top, inner] = keys.filter((key) => typeof key === 'string');
  if (mapName === undefined || top === undefined || inner === undefined) {
    return unknown('Fn::FindInMap with a key that is not known before deployment');
  }
  const found = objectAt(objectAt(objectAt(scope.stack.template, 'Mappings'), mapName), top);
  // Mappings hold no intrinsic functions, so what is found is not resolved again.
  if (Object.hasOwn(found, inner)) return literal(found[inner]) ?? unknown(`mapping ${mapName} is malformed`);
  const fallback = isObject(options) ? options['DefaultValue'] : undefined;
  return fallback === undefined ? unknown(`mapping ${mapName} has no ${top}.${inner}`) : scope.resolve(fallback);
}

function literal(json: unknown): Outcome {
  if (typeof json === 'string' || typeof json === 'number' || typeof json === 'boolean') return json;
  return Array.isArray(json) && json.every((item) => typeof item === 'string') ? json : undefined;
}
