import type { Decision } from '../engine/decision.ts';
import type { Assembly, KeyModel } from '../model.ts';
import type { Policy } from '../policy.ts';
import { contextOfKey, sessionArnOf, withSharedLayers } from '../questions.ts';
import { splitArn } from '../symbolic/arn.ts';
import { inWords } from '../symbolic/text.ts';
import type { DiffAlert } from './model.ts';
import type { Pair } from './pairs.ts';
import { decide } from './questions-of.ts';
import type { References } from './references.ts';
import type { Row } from './rows.ts';

const CHANGES_POLICY = 'kms:PutKeyPolicy';

/**
 * Whether the policy of a key can no longer be changed, and with it nothing that it says: by nobody, or not by who deploys,
 * of whom KMS asks it unless it is told not to.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
export function lockoutsOf(
  key: Pair<KeyModel>,
  rows: readonly Row[],
  apps: { readonly before: Assembly; readonly after: Assembly },
  references: References,
): readonly DiffAlert[] {
  if (key.after === undefined) return [];
  const reference = references.ofKey(key);
  const alert = (text: string, reasons: Decision['reasons'] = []): DiffAlert => ({
    kind: 'lockout',
    key: reference,
    text,
    because: reasons.map((reason) => references.ofReason(reason, { side: 'after' })),
  });
  const alerts: DiffAlert[] = [];
  const changers = (side: 'before' | 'after') => {
    const decisions = rows.flatMap(({ cells }) => cells.filter(({ action }) => action === CHANGES_POLICY));
    return decisions.some((cell) => cell[side] !== undefined && cell[side]?.verdict !== 'denied');
  };
  if (!changers('after') && (key.before === undefined || changers('before'))) {
    const [account] = rows.filter(({ grantee }) => grantee.type === 'account');
    const decision = account?.cells.find(({ action }) => action === CHANGES_POLICY)?.after;
    alerts.push(alert('nobody can change the key policy any more', decision?.reasons));
  }
  const [was, is] = [deployerOn(key.before, apps.before), deployerOn(key.after, apps.after)];
  if (is?.decision.verdict === 'denied' && was?.decision.verdict !== 'denied') {
    alerts.push(
      alert(`the role that deploys, ${is.name}, cannot change the key policy afterwards`, is.decision.reasons),
    );
  }
  const isBypassed = (one: KeyModel | undefined) => one !== undefined && one.bypassPolicyLockoutSafetyCheck !== false;
  if (isBypassed(key.after) && !isBypassed(key.before)) {
    const whether = key.after.bypassPolicyLockoutSafetyCheck === undefined ? 'may be told' : 'is told';
    alerts.push(
      alert(`KMS ${whether} not to check that the key policy can still be changed: BypassPolicyLockoutSafetyCheck`),
    );
  }
  return alerts;
}

/** What the role with which CloudFormation makes the key may do with its policy; undefined: the app does not say which. */
function deployerOn(
  key: KeyModel | undefined,
  app: Assembly,
): { readonly name: string; readonly decision: Decision } | undefined {
  const roleArn = app.stacks.find(({ name }) => name === key?.stack)?.executionRoleArn;
  if (key === undefined || roleArn === undefined) return undefined;
  const name = inWords(roleArn);
  const [, , , , account = key.account] = splitArn(roleArn) ?? [];
  const caller = { type: 'role-session', arn: sessionArnOf(roleArn), roleArn, account, name } as const;
  const unread: Policy = {
    name: `identity policies of ${name}`,
    kind: 'identity',
    version: undefined,
    statements: [],
    unreadable: ['they are not in the app'],
  };
  const layers = withSharedLayers({ keyPolicy: key.keyPolicy, identityPolicies: [unread] }, account, key, app);
  const grantee = { type: 'principal', section: 'account', name, functions: [] } as const;
  return { name, decision: decide(CHANGES_POLICY, { grantee, caller, layers, context: contextOfKey(key) }, key) };
}
