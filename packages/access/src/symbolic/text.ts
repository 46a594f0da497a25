import type { SymbolicValue, Unresolved, Value } from '../value.ts';
import { mayContain } from './alphabet.ts';

/** Members that a part of each kind must have; whoever gives values as JSON may have left them out. */
const MEMBERS: Readonly<Record<Unresolved['kind'], readonly string[]>> = {
  attribute: ['stack', 'logicalId', 'attribute'],
  pseudo: ['stack', 'name'],
  parameter: ['stack', 'name'],
  dynamic: ['stack', 'reference'],
  choice: ['stack', 'condition'],
  unknown: ['reason'],
};

/** Values that were looked at before: one string may hold another in many places. */
const SEEN = new WeakSet<object>();

export function isSymbolic(value: unknown): value is SymbolicValue {
  if (typeof value !== 'object' || value === null || !('parts' in value) || !Array.isArray(value.parts)) return false;
  if (SEEN.has(value)) return true;
  const parts: readonly unknown[] = value.parts;
  const open = parts.filter((part) => typeof part !== 'string');
  if (open.length === 0 || !open.every(isUnresolved)) return false;
  SEEN.add(value);
  return true;
}

function isUnresolved(part: unknown): part is Unresolved {
  if (typeof part !== 'object' || part === null || !('kind' in part) || typeof part.kind !== 'string') return false;
  if (!Object.hasOwn(MEMBERS, part.kind)) return false;
  const members: readonly (readonly [string, unknown])[] = Object.entries(part);
  const texts = new Map(members.filter(([, member]) => typeof member === 'string'));
  if (!MEMBERS[part.kind as Unresolved['kind']].every((name) => texts.has(name))) return false;
  return !('whenTrue' in part) || !('whenFalse' in part)
    ? part.kind !== 'choice'
    : [part.whenTrue, part.whenFalse].every((branch) => typeof branch === 'string' || isSymbolic(branch));
}

export function unknown(reason: string): SymbolicValue {
  return { parts: [{ kind: 'unknown', reason }] };
}

export function partsOf(value: Value): readonly (string | Unresolved)[] {
  return typeof value === 'string' ? [value] : value.parts;
}

/** One string of many, neighbouring known parts joined. */
export function concat(values: readonly Value[]): Value {
  const parts: (string | Unresolved)[] = [];
  for (const part of values.flatMap(partsOf)) {
    const last = parts.at(-1);
    if (part === '') continue;
    if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part;
    else parts.push(part);
  }
  const [only, second] = parts;
  if (only === undefined) return '';
  return typeof only === 'string' && second === undefined ? only : { parts };
}

/** Two parts that deployment certainly replaces by the same string. */
export function samePart(a: Unresolved, b: Unresolved): boolean {
  if (a.kind === 'attribute' && b.kind === 'attribute') {
    return a.stack === b.stack && a.logicalId === b.logicalId && a.attribute === b.attribute;
  }
  if ((a.kind === 'pseudo' && b.kind === 'pseudo') || (a.kind === 'parameter' && b.kind === 'parameter')) {
    return a.stack === b.stack && a.name === b.name;
  }
  if (a.kind === 'dynamic' && b.kind === 'dynamic') return a.stack === b.stack && a.reference === b.reference;
  if (a.kind === 'choice' && b.kind === 'choice') {
    const sameCondition = a.stack === b.stack && a.condition === b.condition;
    return sameCondition && sameParts(a.whenTrue, b.whenTrue) && sameParts(a.whenFalse, b.whenFalse);
  }
  // Two unknown parts with one reason are still two unknown strings.
  return a === b;
}

function sameParts(a: Value, b: Value): boolean {
  const [left, right] = [partsOf(a), partsOf(b)];
  return (
    left.length === right.length &&
    left.every((part, index) => {
      const other = right[index];
      if (typeof part === 'string' || typeof other === 'string' || other === undefined) return part === other;
      return samePart(part, other);
    })
  );
}

/** Custom resources answer what their code likes; two of them may answer the same. */
const GIVES_ANYTHING = /^(Custom::|AWS::CloudFormation::)/;

/** Two parts that deployment certainly replaces by different strings: the names or ARNs of two resources of a type. */
export function differentParts(a: Unresolved, b: Unresolved): boolean {
  if (a.kind !== 'attribute' || b.kind !== 'attribute' || samePart(a, b)) return false;
  const type = a.resourceType ?? 'Custom::';
  if (type !== b.resourceType || a.attribute !== b.attribute || GIVES_ANYTHING.test(type)) return false;
  return a.attribute === 'Ref' || a.attribute === 'Arn';
}

/** Splits at one character; undefined where an unknown part may contain it. */
export function split(value: Value, delimiter: string): readonly Value[] | undefined {
  const pieces: Value[][] = [[]];
  for (const part of partsOf(value)) {
    if (typeof part !== 'string') {
      if (mayContain(part, delimiter)) return undefined;
      pieces.at(-1)?.push({ parts: [part] });
      continue;
    }
    const [first = '', ...rest] = part.split(delimiter);
    pieces.at(-1)?.push(first);
    for (const piece of rest) pieces.push([piece]);
  }
  return pieces.map(concat);
}

/** A value as people read it: what is not known before deployment stands as `${…}`, e.g. `${Key.Arn}`. */
export function inWords(value: Value): string {
  return partsOf(value)
    .map((part) => (typeof part === 'string' ? part : `\${${partInWords(part)}}`))
    .join('');
}

function partInWords(part: Unresolved): string {
  if (part.kind === 'attribute') {
    return part.attribute === 'Ref' ? part.logicalId : `${part.logicalId}.${part.attribute}`;
  }
  switch (part.kind) {
    case 'unknown':
      return part.reason;
    case 'dynamic':
      return part.reference.slice(2, -2);
    case 'choice':
      return `${part.condition} ? ${inWords(part.whenTrue)} : ${inWords(part.whenFalse)}`;
    default:
      return part.name;
  }
}

/** Why a value is not known, in words, or one of several that are compared; undefined: all are known. */
export function whyUnknown(...values: readonly Value[]): string | undefined {
  const parts = values.flatMap(partsOf).filter((candidate) => typeof candidate !== 'string');
  const [part] = parts.sort((a, b) => commonness(a) - commonness(b));
  if (part === undefined) return undefined;
  switch (part.kind) {
    case 'attribute':
      return `${part.attribute} of ${part.stack}/${part.logicalId} is known after deployment only`;
    case 'pseudo':
      return `${part.name} of stack ${part.stack} is open: the app gives the stack no environment`;
    case 'parameter':
      return part.ssm === undefined
        ? `parameter ${part.name} of stack ${part.stack} is given at deployment`
        : `parameter ${part.name} of stack ${part.stack} is read from SSM parameter ${part.ssm} at deployment`;
    case 'dynamic':
      return `dynamic reference ${part.reference} is read at deployment`;
    case 'choice':
      return `condition ${part.condition} of stack ${part.stack} is decided at deployment`;
    case 'unknown':
      return part.reason;
  }
}

/** Account and partition stand in every ARN and seldom are what matters; a name that deployment makes up may be. */
function commonness(part: Unresolved): number {
  if (part.kind === 'pseudo') return part.name === 'AWS::Partition' ? 3 : 2;
  return part.kind === 'attribute' ? 1 : 0;
}
