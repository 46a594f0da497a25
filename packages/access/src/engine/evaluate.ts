import { AccessError } from '../errors.ts';
import type { Policy } from '../policy.ts';
import { equalValues, matchesPattern } from '../symbolic/match.ts';
import type { Decision } from './decision.ts';
import { denials, policiesOf } from './deny.ts';
import { factsOf } from './facts.ts';
import { GRADES, keyPolicySilence, keyPolicyTruths, LIMITS_ACROSS_ACCOUNTS, LIMITS_IN_ACCOUNT } from './key-policy.ts';
import { type LayerWords, layerTruth, unreadableTruth } from './layer.ts';
import { type ActionRule, ruleOfAction } from './operations.ts';
import type { KmsRequest, PolicyLayers } from './request.ts';
import type { Question } from './statement.ts';
import { allOf, anyOf, distinct, reasonsOf, type Truth } from './truth.ts';
import { callerInWords } from './words.ts';

/**
 * Decides one request as AWS KMS does: an explicit Deny wins, the key policy must allow the caller or delegate to its
 * account, and what limits the caller must allow too. Pure: the same question has the same answer.
 *
 * @throws {AccessError} `INVALID_REQUEST` when `request.action` is no action of KMS.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html
 */
export function evaluate(request: KmsRequest, layers: PolicyLayers): Decision {
  const rule = ruleOfAction(request.action);
  if (rule === undefined) {
    const action = JSON.stringify(request.action.slice(0, 80));
    throw new AccessError('INVALID_REQUEST', `action ${action} is no IAM action of KMS: use one such as "kms:Decrypt"`);
  }
  const question: Question = { request, facts: factsOf(request) };
  const denied = denials(policiesOf(layers), question);
  if (denied.explicit !== undefined) {
    return { verdict: 'denied', explicitDeny: true, reasons: [denied.explicit], residual: [] };
  }
  return decisionOf(allOf([allowTruth(rule, question, layers), ...denied.spared]));
}

function decisionOf(truth: Truth): Decision {
  const reasons = distinct(reasonsOf(truth));
  if (truth.is === 'if') {
    const [first, ...others] = truth.ways.map(({ residual }) => residual);
    const alternatives = others.length > 0 && { alternatives: others };
    return { verdict: 'allowed-if', explicitDeny: false, reasons, residual: first ?? [], ...alternatives };
  }
  const verdict = { yes: 'allowed', no: 'denied', unknown: 'unknown' } as const;
  return { verdict: verdict[truth.is], explicitDeny: false, reasons, residual: [] };
}

function allowTruth(rule: ActionRule, question: Question, layers: PolicyLayers): Truth {
  const { action, resource } = question.request;
  // TagResource of a key that CreateKey is about to make: there is no key yet, so there is no key policy.
  const ofNoKey = rule.resource === 'none' || (resource === '*' && layers.keyPolicy === undefined);
  if (rule.resource === 'grant') {
    const text = `whether ${action} is allowed is decided by the grant; policies can only deny it`;
    return { is: 'unknown', because: [{ code: 'decided-by-grant', text }] };
  }
  const onAlias = rule.resource === 'alias' && matchesPattern('arn:*:kms:*:*:alias/*', resource) === 'yes';
  if (ofNoKey || onAlias) return iamOnly(question, layers);
  return withKeyPolicy(rule, question, layers);
}

/** Operations without a key, and the alias side of alias operations: IAM alone decides. */
function iamOnly(question: Question, layers: PolicyLayers): Truth {
  const { caller, action } = question.request;
  if (caller.type === 'root') {
    const text = `the root user of the account may use ${action}, which concerns no key`;
    return { is: 'yes', because: [{ code: 'identity-policy-allows', text }] };
  }
  if (caller.type === 'service') {
    const text = `only IAM policies can allow ${action}, and a service has none`;
    return { is: 'no', because: [{ code: 'no-identity-policy-allow', text }] };
  }
  const { identity, boundary, session } = limitTruths(question, layers);
  return allOf([identity, boundary, session]);
}

function withKeyPolicy(rule: ActionRule, question: Question, layers: PolicyLayers): Truth {
  const { caller, resourceAccount } = question.request;
  if (caller.type === 'service') return inAccount(question, layers);
  const same = equalValues(caller.account, resourceAccount);
  if (same === 'yes') return inAccount(question, layers);
  if (same === 'no') return acrossAccounts(rule, question, layers);
  const [inside, outside] = [inAccount(question, layers), acrossAccounts(rule, question, layers)];
  if (inside.is === outside.is && inside.is !== 'if') return inside;
  const text = `whether ${callerInWords(caller)} and the key are in one account is known after deployment only`;
  return { is: 'unknown', because: [{ code: 'unknown-value', text }] };
}

function inAccount(question: Question, layers: PolicyLayers): Truth {
  return limited(LIMITS_IN_ACCOUNT, question, layers);
}

function acrossAccounts(rule: ActionRule, question: Question, layers: PolicyLayers): Truth {
  if (rule.crossAccount) return limited(LIMITS_ACROSS_ACCOUNTS, question, layers);
  const text = `${question.request.action} cannot be used on a key of another account, whatever policies allow`;
  return { is: 'no', because: [{ code: 'operation-not-cross-account', text }] };
}

function limited(limits: typeof LIMITS_IN_ACCOUNT, question: Question, layers: PolicyLayers): Truth {
  if (layers.keyPolicy === undefined) {
    return { is: 'unknown', because: [{ code: 'unknown-value', text: 'the policy of the key is not known' }] };
  }
  const named = keyPolicyTruths(layers.keyPolicy, question);
  const others = limitTruths(question, layers);
  const paths = GRADES.flatMap((grade) => {
    const truth = named.get(grade);
    if (truth === undefined || truth.is === 'no') return [];
    const { identity, boundary, session } = limits[grade];
    return [
      allOf([
        truth,
        ...(identity ? [others.identity] : []),
        ...(boundary ? [others.boundary] : []),
        ...(session ? [others.session] : []),
      ]),
    ];
  });
  const unreadable = unreadableTruth(layers.keyPolicy);
  if (paths.length > 0 || unreadable.length > 0) return anyOf([...paths, ...unreadable]);
  return keyPolicySilence(layers.keyPolicy, question);
}

/** What the layers besides the key policy say; a layer that is not there does not limit. */
function limitTruths(question: Question, { identityPolicies, permissionsBoundary, sessionPolicies }: PolicyLayers) {
  const { action, caller } = question.request;
  const who = callerInWords(caller);
  return {
    identity: layerTruth(identityPolicies, question, {
      allows: 'identity-policy-allows',
      silent: 'no-identity-policy-allow',
      silentText: `no identity policy of ${who} allows ${action}${question.request.resource === '*' ? '' : ' on this key'}`,
    }),
    boundary: optionalLayer(permissionsBoundary && [permissionsBoundary], question, {
      silent: 'boundary-silent',
      silentText: `the permissions boundary of ${who} does not allow ${action}`,
    }),
    session: optionalLayer(sessionPolicies, question, {
      silent: 'session-policy-silent',
      silentText: `no session policy of ${who} allows ${action}`,
    }),
  };
}

function optionalLayer(
  policies: readonly Policy[] | undefined,
  question: Question,
  words: Pick<LayerWords, 'silent' | 'silentText'>,
): Truth {
  if (policies === undefined || policies.length === 0) return { is: 'yes', because: [] };
  const truth = layerTruth(policies, question, { ...words, allows: 'identity-policy-allows' });
  // That a limit does not limit is no reason for anything.
  return truth.is === 'yes' ? { is: 'yes', because: [] } : truth;
}
