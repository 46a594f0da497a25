// Every public name of the constructs says what it is: read from the jsii assembly, which is what the documentation of all
// languages is made of.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../lib/work.mjs';
import { throwing } from './reference/throwing.mjs';

/** What every construct of the CDK begins with; nothing could be said of it that is not said a hundred times. */
const CONVENTION = new Set(['scope', 'id', 'props']);

/** What could only throw for a construct that is none of this library, and why it is one. */
const NEVER = {
  'CustomerManagedKey.keyArn': 'every class of keys tells what it is as it is made',
  'CustomerManagedKey.keyId': 'every class of keys tells what it is as it is made',
  'KeyGenerations.addOutputs': 'every class of generations tells what it is as it is made',
  'KeyGenerations.aliasName': 'every class of generations tells what it is as it is made',
  'KeyGenerations.currentId': 'every class of generations tells what it is as it is made',
  'KeyGenerations.keyArns': 'every class of generations tells what it is as it is made',
  'KeyWatch.constructor': 'asks for metrics of the log group only where there is one',
  'KmsEndpoint.constructor': 'sets FIPS endpoints only where the Region has one',
};

/** Where a number counts something, the range is in figures. */
const RANGE = /\d/;
const NUMBERS = /^(?:number|aws-cdk-lib\.(?:Duration|Size))$/;

export async function check() {
  const assembly = JSON.parse(readFileSync(join(ROOT, '.jsii'), 'utf8'));
  return problemsIn(Object.values(assembly.types), throwing(join(ROOT, 'lib')));
}

/** What the types of an assembly do not say. `throws` are the names of what throws. */
export function problemsIn(types, throws) {
  return types.flatMap((type) => [
    ...(type.docs?.summary ? [] : [`${type.name}: it does not say what it is`]),
    ...(type.members ?? []).flatMap((member) =>
      member.docs?.summary ? [] : [`${type.name}.${member.name}: it does not say what it is`],
    ),
    ...(type.properties ?? []).flatMap((property) => propertyProblems(type, property, throws)),
    ...(type.methods ?? []).flatMap((method) => methodProblems(type, method.name, method, throws)),
    ...(type.initializer ? methodProblems(type, 'constructor', type.initializer, throws) : []),
  ]);
}

function propertyProblems(type, { name, docs = {}, optional, type: of }, throws) {
  const where = `${type.name}.${name}`;
  const isNumber = NUMBERS.test(of.primitive ?? of.fqn ?? '');
  return [
    ...(docs.summary ? [] : [`${where}: it does not say what it is`]),
    ...(type.datatype && optional && !docs.default ? [`${where}: it has no @default`] : []),
    ...(type.datatype && isNumber && !RANGE.test(`${docs.summary} ${docs.remarks}`)
      ? [`${where}: it does not say which values it takes, and in which unit`]
      : []),
    ...undocumentedThrow(type, name, docs, throws),
  ];
}

function methodProblems(type, name, { docs = {}, parameters = [] }, throws) {
  const where = `${type.name}.${name}`;
  return [
    ...(docs.summary || name === 'constructor' ? [] : [`${where}: it does not say what it does`]),
    ...parameters
      .filter((parameter) => !CONVENTION.has(parameter.name) && !parameter.docs?.summary)
      .map((parameter) => `${where}: it has no @param ${parameter.name}`),
    ...parameters
      .filter(({ type: of, docs: about }) => of.primitive === 'number' && !RANGE.test(about?.summary ?? ''))
      .map((parameter) => `${where}: @param ${parameter.name} does not say which values it takes`),
    ...undocumentedThrow(type, name, docs, throws),
  ];
}

function undocumentedThrow(type, name, docs, throws) {
  const where = `${type.name}.${name}`;
  const can = type.kind === 'class' && throws.has(where) && !Object.hasOwn(NEVER, where);
  return can && !docs.custom?.throws ? [`${where}: it throws, and has no @throws`] : [];
}
