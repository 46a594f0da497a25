import type { Policy, Principals } from '../policy.ts';
import { partsOf } from '../symbolic/text.ts';
import type { Value } from '../value.ts';

/** KMS takes no longer key policy. @see https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html */
export const MOST_BYTES = 32_768;

/**
 * The JSON of a policy as CloudFormation sends it, with nothing in the place of what deployment puts in: the real one is
 * at least as long. Of a statement that hinges on conditions, what is there in some case counts once.
 */
export function shortestDocument({ version, statements }: Policy): string {
  const once = new Map(statements.map((statement) => [statement.index, statement]));
  return JSON.stringify({
    Version: version,
    Statement: [...once.values()].map((statement) => ({
      Sid: statement.sid,
      Effect: statement.effect,
      Principal: principals(statement.principals),
      NotPrincipal: principals(statement.notPrincipals),
      Action: statement.notActions === undefined ? list(statement.actions) : undefined,
      NotAction: statement.notActions && list(statement.notActions),
      Resource: statement.notResources === undefined ? list(statement.resources) : undefined,
      NotResource: statement.notResources && list(statement.notResources),
      Condition: conditions(statement.conditions),
    })),
  });
}

export function bytesOf(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

function known(value: Value): string {
  return partsOf(value)
    .filter((part) => typeof part === 'string')
    .join('');
}

function list(values: readonly Value[]): string | readonly string[] {
  const texts = values.map(known);
  return texts.length === 1 && texts[0] !== undefined ? texts[0] : texts;
}

function principals(given: Principals | undefined): unknown {
  if (given === undefined || given === '*') return given;
  return Object.fromEntries(Object.entries(given).map(([type, values]) => [type, list(values)]));
}

function conditions(given: Policy['statements'][number]['conditions']): unknown {
  if (given.length === 0) return undefined;
  const block: Record<string, Record<string, unknown>> = {};
  for (const { operator, key, values } of given) block[operator] = { ...block[operator], [key]: list(values) };
  return block;
}
