import { AccessError } from '../errors.ts';
import { equalValues } from '../symbolic/match.ts';
import type { Decision } from './decision.ts';
import { decisionOf, type Outcome, outcomeOf } from './evaluate.ts';
import { OPERATIONS, type Operation, type Permission, type ResourceRole } from './operations.ts';
import type { Caller, KmsRequest, PolicyLayers } from './request.ts';
import { allOf } from './truth.ts';

/** The layers that come with the caller, and those that come with each key. */
export type CallerLayers = Omit<PolicyLayers, 'keyPolicy' | 'grants' | 'resourceControlPolicies'>;
type KeyLayers = Partial<Pick<PolicyLayers, 'keyPolicy' | 'grants' | 'resourceControlPolicies'>>;

/** One key or alias that an operation concerns, with the policies that come with it. */
export interface OperationResource extends KeyLayers, Pick<KmsRequest, 'keyManager'> {
  /** ARN of the key or alias. */
  readonly arn: KmsRequest['resource'];
  readonly account: KmsRequest['resourceAccount'];
  /** Condition keys that the permission on this resource has besides those of the request: of the key, of one side. */
  readonly context?: KmsRequest['context'];
}

/** One call of the KMS API. */
export interface OperationRequest extends Omit<KmsRequest, 'action' | 'resource' | 'resourceAccount' | 'keyManager'> {
  /** Name of the operation: `UpdateAlias`. */
  readonly operation: string;
  /**
   * What it concerns, by role. Which roles there are says {@link Operation.permissions} of {@link OPERATIONS}: `key` for
   * most, `alias`, `key` and `newKey` for UpdateAlias, `sourceKey` and `destinationKey` for ReEncrypt. For RetireGrant
   * `grant` is the key that the grants are on.
   */
  readonly resources: Readonly<Partial<Record<Exclude<ResourceRole, 'account'>, OperationResource>>>;
  /** Whether the request of CreateKey or ReplicateKey has tags, which need `kms:TagResource`. Default false. */
  readonly tags?: boolean;
}

/** The decision about an operation, and that about each permission that it needs. */
export interface OperationDecision extends Decision {
  readonly parts: readonly OperationPart[];
}

/** One permission that the operation needs, and whether the caller has it. */
export interface OperationPart {
  readonly permission: Permission;
  readonly decision: Decision;
}

/**
 * Decides one call of the API: asks for every permission that the operation needs, on each resource, and says whether the
 * caller has them all.
 *
 * @throws {AccessError} `INVALID_REQUEST` when KMS has no such operation, or when a resource that it concerns is missing;
 *   all that is wrong at once in `problems`.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
 */
export function evaluateOperation(request: OperationRequest, layers: CallerLayers): OperationDecision {
  const operation = OPERATIONS.get(request.operation);
  if (operation === undefined) {
    const name = JSON.stringify(request.operation.slice(0, 80));
    throw new AccessError('INVALID_REQUEST', `operation ${name} is none of KMS: use one such as "Decrypt"`);
  }
  checkResources(operation, request);
  const needed = operation.permissions.filter(({ when }) => when === undefined || request.tags === true);
  const outcomes = needed.map((permission) => outcomeOn(permission, request, layers));
  const parts = needed.map((permission, index) => {
    return { permission, decision: decisionOf(outcomes[index] ?? NOTHING) };
  });
  return { ...decisionOf(together(outcomes)), parts };
}

const NOTHING: Outcome = { explicit: undefined, truth: { is: 'yes', because: [] } };

function together(outcomes: readonly Outcome[]): Outcome {
  const truths = outcomes.flatMap((outcome) => (outcome.explicit === undefined ? [outcome.truth] : []));
  return outcomes.find(({ explicit }) => explicit !== undefined) ?? { explicit: undefined, truth: allOf(truths) };
}

function checkResources({ permissions }: Operation, { operation, resources }: OperationRequest): void {
  const roles = [...new Set(permissions.map(({ on }) => on))].filter((role) => role !== 'account');
  const missing = roles.filter((role) => resources[role] === undefined);
  const known = new Set<string>(roles);
  const strange = Object.keys(resources).filter((role) => !known.has(role));
  const problems = [
    ...missing.map((role) => `resources.${role} of ${operation} is missing: give its ARN, account and policies`),
    ...strange.map((role) => `resources.${role} is not what ${operation} concerns: ${roles.join(', ') || 'nothing'}`),
  ];
  if (problems.length > 0) throw new AccessError('INVALID_REQUEST', problems.join('; '), problems);
}

function outcomeOn(permission: Permission, request: OperationRequest, layers: CallerLayers): Outcome {
  const { operation: _operation, resources, tags: _tags, ...shared } = request;
  const { on, action } = permission;
  if (on === 'account') {
    const asked = { ...shared, action, resource: '*', resourceAccount: accountOf(request.caller) };
    return outcomeOf(asked, { ...layers, keyPolicy: undefined });
  }
  const resource = resources[on];
  if (resource === undefined) throw new TypeError(`${on} was checked to be there`);
  const { arn, account, context, keyManager, keyPolicy, grants, resourceControlPolicies } = resource;
  const asked: KmsRequest = {
    ...shared,
    action,
    resource: arn,
    resourceAccount: account,
    context: { ...sameKey(request), ...shared.context, ...context },
    ...(keyManager !== undefined && { keyManager }),
  };
  return outcomeOf(asked, {
    ...layers,
    keyPolicy,
    ...(grants !== undefined && { grants }),
    ...(resourceControlPolicies !== undefined && { resourceControlPolicies }),
  });
}

/** Only IAM decides there, and a service has no account in which it could. */
function accountOf(caller: Caller): KmsRequest['resourceAccount'] {
  return caller.type === 'service' ? '' : caller.account;
}

/** What ReEncrypt's condition key says, where it can be told. */
function sameKey({ resources: { sourceKey, destinationKey } }: OperationRequest): KmsRequest['context'] {
  if (sourceKey === undefined || destinationKey === undefined) return {};
  const same = equalValues(sourceKey.arn, destinationKey.arn);
  return same === 'unknown' ? {} : { 'kms:ReEncryptOnSameKey': String(same === 'yes') };
}
