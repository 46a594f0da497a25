import type { Decision } from '@cdk-keysmith/access';
import { decide } from '../authorize/decide.ts';
import { denialText } from '../authorize/denial.ts';
import type { DecisionRecord } from '../events/event.ts';
import { arnOf } from '../identity/principal.ts';
import { madeOnce } from '../made-once.ts';
import type { Permission } from '../operations/operation.ts';
import { aliasArn } from '../state/arn.ts';
import { readGrantToken } from '../state/grant.ts';
import { faults } from '../wire/texts.ts';
import { type Progress, textOf } from './call.ts';

/**
 * Asks for every permission of the operation; the first that is not given ends the call.
 *
 * Authorization comes after the key is found, since the key's policy takes part in it, and before anything else about the
 * key is told: whoever may not use a key learns neither its state nor its usage. In the caller's own account a missing key
 * is told as such, as AWS does; in other accounts it is denied like one that may not be used.
 */
export function authorize(progress: Progress): void {
  const { mode } = progress.call.world;
  if (mode === 'off') return;
  const decisions: Decision[] = [];
  for (const permission of progress.operation.permissions) {
    if (permission.when !== undefined && progress.input[permission.when] === undefined) continue;
    if (permission.unless !== undefined && progress.input[permission.unless] !== undefined) continue;
    if (isMissing(progress, permission)) continue;
    const decision = decideOn(progress, permission);
    decisions.push(decision.decision);
    // "allowed if" cannot be: the request is there, nothing about it is open. It would not be a permission either.
    if (decision.decision.verdict === 'allowed') continue;
    progress.decision = recordOf(decisions, mode === 'report');
    if (mode === 'report') return;
    throw isHidden(progress, permission)
      ? faults.keyOfCiphertextHidden('the key of the ciphertext is in another account and may not be used')
      : faults.accessDenied(
          denialText(arnOf(progress.call.identity), permission.action, decision.resource, decision.decision),
        );
  }
  progress.decision = recordOf(decisions, false);
}

/**
 * Whether the caller may not even learn which key it was: the ciphertext alone names it, and it is in another account.
 * The answer is then that for a ciphertext of a key that does not exist. In the own account the ARN is no secret.
 */
function isHidden({ operation, keys, call, input }: Progress, { on }: Permission): boolean {
  const named = operation.keys.find(({ role }) => role === on);
  const account = named && keys.get(named.role)?.key.account;
  return named?.ciphertext !== undefined && input[named.member] === undefined && account !== call.account;
}

/** A related key that does not exist: there is nothing to ask, and the handler refuses the call. */
function isMissing({ operation, keys }: Progress, { on }: Permission): boolean {
  return operation.keys.some(({ role, region }) => role === on && region !== undefined && !keys.has(role));
}

function decideOn(progress: Progress, permission: Permission): { decision: Decision; resource: string } {
  const { call, input, keys } = progress;
  const { action, on } = permission;
  const target = on === 'account' || on === 'alias' ? undefined : keys.get(on);
  const resource = target?.key.arn ?? (on === 'alias' ? aliasOf(progress) : '*');
  const sameKey = keys.get('source')?.key === keys.get('destination')?.key;
  const question = {
    action,
    identity: call.identity,
    target,
    input,
    grantId: grantIdOf(progress),
    sameKey,
    like: on === 'account' ? keys.get('key')?.key : undefined,
    store: call.world.store,
    region: textOf(progress, permission.region) ?? call.region,
    now: call.now,
    sourceAddress: call.sourceAddress,
    userAgent: call.userAgent,
    claims: call.claims,
    organizationId: call.world.organization.id,
  };
  return { decision: decide(question, resource, target?.key.policy.policy, call.world.organization), resource };
}

/** The grant that the request is about, by its id or by a token of it. */
function grantIdOf(progress: Progress): string | undefined {
  const named = progress.operation.keys.find(({ grantId }) => grantId !== undefined);
  const token = textOf(progress, named?.grantToken);
  return token === undefined ? textOf(progress, named?.grantId) : readGrantToken(progress.call.world.store, token)?.id;
}

function aliasOf(progress: Progress): string {
  return aliasArn(progress.call.account, progress.call.region, textOf(progress, 'AliasName') ?? '');
}

function recordOf(decisions: readonly Decision[], passed: boolean): DecisionRecord {
  const last = decisions.at(-1);
  const verdict = last?.verdict === 'allowed' ? 'allowed' : last?.verdict === 'unknown' ? 'unknown' : 'denied';
  return {
    verdict: last === undefined ? 'not asked' : verdict,
    reasons: decisions.length === 1 && last !== undefined ? textsOf(last) : decisions.flatMap(textsOf),
    ...(passed && { wouldHaveBeenDenied: true as const }),
  };
}

/** Decisions are remembered, and their texts with them. */
const textsOf = madeOnce(({ reasons }: Decision): readonly string[] => reasons.map(({ text }) => text));
