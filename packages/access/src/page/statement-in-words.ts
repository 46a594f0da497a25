import type { Principals, Statement } from '../policy.ts';
import { inWords } from '../symbolic/text.ts';
import type { Value } from '../value.ts';

/** A statement on one line, e.g. `Allow kms:Decrypt on * when StringEquals kms:EncryptionContext:a is "b"`. */
export function statementInWords(statement: Statement): string {
  const { effect, actions, notActions, resources, notResources, principals, notPrincipals, conditions } = statement;
  const what = notActions === undefined ? list(actions) : `everything but ${list(notActions)}`;
  const where = notResources === undefined ? list(resources) : `everything but ${list(notResources)}`;
  const who = notPrincipals === undefined ? named(principals) : `everyone but ${named(notPrincipals)}`;
  const when = conditions.map(
    ({ operator, key, values }) =>
      `${operator} ${key} ${values.map((value) => JSON.stringify(inWords(value))).join(', ')}`,
  );
  return [
    `${effect} ${what}`,
    ...(who === '' ? [] : [`for ${who}`]),
    `on ${where}`,
    ...(when.length === 0 ? [] : [`when ${when.join(' and ')}`]),
  ].join(' ');
}

function list(values: readonly Value[]): string {
  return values.length === 0 ? 'nothing' : values.map(inWords).join(', ');
}

function named(principals: Principals | undefined): string {
  if (principals === undefined) return '';
  if (principals === '*') return 'everyone';
  return Object.values(principals)
    .flatMap((values) => values.map(inWords))
    .join(', ');
}
