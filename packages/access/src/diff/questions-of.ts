import { compile } from '../engine/compile.ts';
import type { Decision } from '../engine/decision.ts';
import { evaluate } from '../engine/evaluate.ts';
import { isGrantee, isOnKey } from '../engine/grants.ts';
import { namesCaller } from '../engine/principals.ts';
import type { Assembly, KeyModel } from '../model.ts';
import { isObject } from '../parsing/findings.ts';
import type { Policy, Statement } from '../policy.ts';
import { contextOfKey, withSharedLayers } from '../questions.ts';
import type { Candidate } from '../report/grantees.ts';
import type { Meanings } from './meaning.ts';

/** Somebody of outside the app as they stand with the key in its other state: only what the key says differs. */
export function onOtherKey({ layers, caller, grantee }: Candidate, key: KeyModel, assembly: Assembly): Candidate {
  const { identityPolicies } = layers;
  const account = caller.type === 'service' ? undefined : caller.account;
  const asked = withSharedLayers({ keyPolicy: key.keyPolicy, identityPolicies }, account, key, assembly);
  return { grantee, caller, layers: asked, context: contextOfKey(key) };
}

/** What a candidate may do with a key, as far as the app tells. */
export function decide(action: string, { caller, layers, context }: Candidate, key: KeyModel): Decision {
  const asked = { resource: key.arn, resourceAccount: key.account, context, open: true };
  return evaluate({ ...asked, action, caller }, layers);
}

/**
 * All that a decision hinges on, as text: statements about others and other actions left out. Where it is the same in
 * both states, nothing has changed for the question, whatever is unknown in it.
 */
export function questionText(
  action: string,
  { caller, layers, context }: Candidate,
  key: KeyModel,
  meanings: Meanings,
): string {
  const about = (policy: Policy) => ({
    version: policy.version,
    unreadable: policy.unreadable,
    inDoubt: policy.inDoubt,
    statements: policy.statements
      .filter((one) => coversAction(policy, one, action) && namesCaller(one, caller) !== 'no')
      .map(({ index: _index, sid: _sid, ...said }) => said),
  });
  const { keyPolicy, permissionsBoundary, serviceControlPolicies = [], resourceControlPolicies = [] } = layers;
  const asked = [
    caller,
    [key.arn, key.account, context],
    keyPolicy === undefined ? null : about(keyPolicy),
    layers.identityPolicies.map((policy) => ({ ...about(policy), ...nameOfUnread(policy) })),
    permissionsBoundary === undefined ? null : { ...about(permissionsBoundary), ...nameOfUnread(permissionsBoundary) },
    serviceControlPolicies.map((level) => level.map(about)),
    resourceControlPolicies.map(about),
    layers.grants?.filter((grant) => isOnKey(grant, key.arn) !== 'no' && isGrantee(grant, caller) !== 'no') ?? [],
  ];
  return JSON.stringify(asked, (_, member: unknown) => withMeaning(member, meanings));
}

/** A condition of a template with what it means: its name alone says nothing. */
function withMeaning(member: unknown, meanings: Meanings): unknown {
  if (!isObject(member) || typeof member['stack'] !== 'string') return member;
  const { stack, kind, condition, name, is } = member;
  const conditionName = kind === 'choice' ? condition : typeof is === 'boolean' ? name : undefined;
  return typeof conditionName === 'string' ? { ...member, means: meanings(stack, conditionName) } : member;
}

/** A policy that is not in the app is told by its name: another name, another policy. */
function nameOfUnread({ name, unreadable }: Policy): Partial<Policy> {
  return unreadable === undefined ? {} : { name };
}

function coversAction(policy: Policy, statement: Statement, action: string): boolean {
  return compile(policy)
    .covering(statement.effect, action.toLowerCase())
    .some((one) => one.statement === statement);
}
