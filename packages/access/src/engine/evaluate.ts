import { AccessError } from '../errors.ts';
import { arnText } from '../symbolic/arn-pattern.ts';
import { matchesPattern } from '../symbolic/match.ts';
import type { SymbolicValue, Value } from '../value.ts';
import { iamTruth, keyTruth, retiringTruth } from './allow.ts';
import type { Decision, Reason } from './decision.ts';
import { denials, deniersOf } from './deny.ts';
import { factsOf } from './facts.ts';
import { ruleOfAction } from './operations.ts';
import type { KmsRequest, PolicyLayers } from './request.ts';
import type { Question } from './statement.ts';
import { allOf, distinct, reasonsOf, type Truth } from './truth.ts';

/**
 * Decides one request for one IAM action as AWS KMS does: an explicit Deny wins; the key policy must allow the caller or
 * delegate to its account, or a grant must allow; and what limits the caller must allow too. Pure: the same question has
 * the same answer. Operations that need more than one permission are asked with `evaluateOperation`.
 *
 * Policies and grants are taken to be unchangeable: what is read from one is kept as long as the object lives.
 *
 * @throws {AccessError} `INVALID_REQUEST` when `request.action` is no action of KMS, or when it is about a key and
 *   `request.resource` is an alias.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html
 */
export function evaluate(request: KmsRequest, layers: PolicyLayers): Decision {
  return decisionOf(outcomeOf(request, layers));
}

/** A Deny that decides, or what the other rules say. */
export type Outcome = { readonly explicit: Reason } | { readonly explicit: undefined; readonly truth: Truth };

export function outcomeOf(request: KmsRequest, layers: PolicyLayers): Outcome {
  const question = questionOf(request);
  const about = subjectOf(question, layers);
  const denied = denials(deniersOf(layers, request, about === 'key'), question);
  if (denied.explicit !== undefined) return denied;
  return { explicit: undefined, truth: allOf([DECIDES[about](question, layers), ...denied.spared]) };
}

/** @throws {AccessError} `INVALID_REQUEST` when the action is none of KMS */
export function questionOf(request: KmsRequest): Question {
  const rule = ruleOfAction(request.action);
  if (rule === undefined) {
    const action = JSON.stringify(request.action.slice(0, 80));
    throw new AccessError('INVALID_REQUEST', `action ${action} is no IAM action of KMS: use one such as "kms:Decrypt"`);
  }
  const { resource } = request;
  return {
    request,
    rule,
    action: rule.action.toLowerCase(),
    resource,
    arn: typeof resource === 'string' ? arnText(resource) : undefined,
    facts: factsOf(request),
  };
}

type Subject = 'key' | 'grant' | 'iam';

const DECIDES: Readonly<Record<Subject, (question: Question, layers: PolicyLayers) => Truth>> = {
  key: keyTruth,
  grant: retiringTruth,
  iam: iamTruth,
};

/** What the permission is about, and with that, who decides. */
function subjectOf({ rule, resource, arn }: Question, { keyPolicy }: PolicyLayers): Subject {
  if (rule.resource === 'grant') return 'grant';
  // TagResource of a key that CreateKey is about to make: there is no key yet, so there is no key policy.
  if (rule.resource === 'none' || (rule.onAccount && resource === '*' && keyPolicy === undefined)) return 'iam';
  if (!(arn === undefined ? isAlias(resource) : isAliasArn(arn.parts))) return 'key';
  if (rule.resource === 'alias') return 'iam';
  throw new AccessError(
    'INVALID_REQUEST',
    `resource of ${rule.action} must be the ARN of a key, not of an alias: KMS authorizes on the key, and the alias is kms:RequestAlias in the context`,
  );
}

/** A resource that is not known is asked about again and again, and each time takes long to match. */
const ALIASES = new WeakMap<SymbolicValue, boolean>();

function isAlias(resource: Value): boolean {
  if (typeof resource === 'string') return isAliasArn(arnText(resource).parts);
  const known = ALIASES.get(resource) ?? matchesPattern('arn:*:kms:*:*:alias/*', resource) === 'yes';
  ALIASES.set(resource, known);
  return known;
}

function isAliasArn(parts: readonly string[] | undefined): boolean {
  return parts?.[2] === 'kms' && parts[5]?.startsWith('alias/') === true;
}

export function decisionOf(outcome: Outcome): Decision {
  if (outcome.explicit !== undefined) {
    return { verdict: 'denied', explicitDeny: true, reasons: [outcome.explicit], residual: [] };
  }
  const { truth } = outcome;
  const reasons = distinct(reasonsOf(truth));
  if (truth.is === 'if') {
    const [first, ...others] = truth.ways.map(({ residual }) => residual);
    const alternatives = others.length > 0 && { alternatives: others };
    return { verdict: 'allowed-if', explicitDeny: false, reasons, residual: first ?? [], ...alternatives };
  }
  return { verdict: VERDICTS[truth.is], explicitDeny: false, reasons, residual: [] };
}

const VERDICTS = { yes: 'allowed', no: 'denied', unknown: 'unknown' } as const;
