import { AccessError, type Policy, parsePolicy, type Statement, type Value } from '@cdk-keysmith/access';
import { faults } from '../wire/texts.ts';
import type { KeyPolicy } from './key.ts';

/** Bytes that a key policy may have. */
const MAX_POLICY_BYTES = 32_768;

/**
 * Reads the text of a key policy.
 * @throws Fault MalformedPolicyDocumentException or LimitExceededException
 */
export function readKeyPolicy(text: string, name: string): KeyPolicy {
  if (Buffer.byteLength(text) > MAX_POLICY_BYTES) {
    throw faults.limitExceeded(`a key policy has at most ${MAX_POLICY_BYTES} bytes`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw faults.malformedPolicy('the key policy is not JSON');
  }
  try {
    return { text, policy: parsePolicy(json, { name, kind: 'key' }) };
  } catch (error) {
    if (error instanceof AccessError) throw faults.malformedPolicy(error.message);
    throw error;
  }
}

/** A key policy that an app declares, as the text that GetKeyPolicy gives. */
export function writeKeyPolicy(policy: Policy): KeyPolicy {
  const document = {
    ...(policy.version !== undefined && { Version: policy.version }),
    Statement: policy.statements.map(statementJson),
  };
  return { text: JSON.stringify(document, undefined, 2), policy };
}

function statementJson(statement: Statement): Record<string, unknown> {
  const { sid, principals, notPrincipals, actions, notActions, resources, notResources, conditions } = statement;
  return {
    ...(sid !== undefined && { Sid: sid }),
    Effect: statement.effect,
    ...(principals !== undefined && { Principal: principalsJson(principals) }),
    ...(notPrincipals !== undefined && { NotPrincipal: principalsJson(notPrincipals) }),
    ...(notActions === undefined ? some('Action', actions) : { NotAction: oneOrMany(notActions) }),
    ...(notResources === undefined ? some('Resource', resources) : { NotResource: oneOrMany(notResources) }),
    ...(conditions.length > 0 && { Condition: conditionsJson(conditions) }),
  };
}

/** A member that was left out stays out: an empty list would be another policy. */
function some(member: string, values: readonly Value[]): Record<string, unknown> {
  return values.length === 0 ? {} : { [member]: oneOrMany(values) };
}

function principalsJson(principals: NonNullable<Statement['principals']>): unknown {
  if (principals === '*') return '*';
  return Object.fromEntries(Object.entries(principals).map(([type, values]) => [type, oneOrMany(values)]));
}

function conditionsJson(conditions: Statement['conditions']): Record<string, unknown> {
  const block: Record<string, Record<string, unknown>> = Object.create(null);
  for (const { operator, key, values } of conditions) {
    const operands = block[operator] ?? Object.create(null);
    operands[key] = oneOrMany(values);
    block[operator] = operands;
  }
  return block;
}

function oneOrMany(values: readonly Value[]): string | string[] {
  const [first, ...rest] = values.map(written);
  return first !== undefined && rest.length === 0 ? first : values.map(written);
}

/** What stayed unknown is shown as what it stands for; the engine never reads this text. */
function written(value: Value): string {
  if (typeof value === 'string') return value;
  return value.parts.map((part) => (typeof part === 'string' ? part : '<known after deployment>')).join('');
}
